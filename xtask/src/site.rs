//! The site: which address is which file. `serve` asks one address at a time, `site` copies them all.

use crate::project::{Project, relative, walk};
use crate::{bundle, headers, images, npm, pkg};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of npm packages that the page loads, at `vendor/<package>/<file>`, each with its licence.
const VENDOR: &[(&str, &[&str])] = &[
    (
        "preact",
        &["dist/preact.mjs", "dist/preact.mjs.map", "hooks/dist/hooks.mjs", "hooks/dist/hooks.mjs.map", "LICENSE"],
    ),
    ("htm", &["dist/htm.module.js", "LICENSE"]),
    ("uplot", &["dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"]),
];

/// One line of the mapping: an address without its leading `/`, and what is there.
enum Mount {
    /// One file, and the folder that no link may lead it out of.
    File(String, PathBuf, PathBuf),
    /// Everything below; an address prefix that is empty or ends in `/`.
    Folder(&'static str, PathBuf),
    /// What is there of a folder, at its name in it; the rest is elsewhere.
    Over(PathBuf),
}

pub struct Site {
    mounts: Vec<Mount>,
    /// Whether there is an engine on several threads, for which the page must be isolated from other origins.
    pub threaded: bool,
}

impl Site {
    pub fn new(project: &Project) -> Self {
        let root = &project.root;
        let mut mounts = Vec::new();
        for (package, files) in VENDOR {
            let folder = root.join("node_modules").join(package);
            for file in *files {
                mounts.push(Mount::File(format!("vendor/{package}/{file}"), folder.join(file), folder.clone()));
            }
        }
        for set in images::SETS {
            let folder = set.folder(project);
            // Some sets may not be there: then the page says how to add them.
            let made = (0..set.shards).filter(|&shard| images::shard_file(&folder, shard).is_file());
            let judge = images::judge_file(&folder);
            if judge.is_file() {
                mounts.push(Mount::File(format!("data/{}/judge", set.name), judge, folder.clone()));
            }
            for shard in made.collect::<Vec<_>>() {
                let file = images::shard_file(&folder, shard);
                mounts.push(Mount::File(format!("data/{}/{shard}.shard", set.name), file, folder.clone()));
            }
        }
        mounts.push(Mount::Folder("pkg/", root.join("pkg")));
        // Last, because its empty prefix fits every address.
        mounts.push(Mount::Folder("", root.join("www")));
        Self { mounts, threaded: true }
    }

    /// Serves what is in a folder before anything else of the page.
    pub fn put_before(&mut self, folder: PathBuf) {
        self.mounts.insert(0, Mount::Over(folder));
    }

    /// Serves engines from another folder than `pkg/`.
    pub fn replace_pkg(&mut self, folder: PathBuf) {
        self.threaded = folder.join("cpu-threads").is_dir();
        for mount in &mut self.mounts {
            if let Mount::Folder("pkg/", pkg) = mount {
                pkg.clone_from(&folder);
            }
        }
    }

    /// The file at an address such as `/` or `/pkg/cpu/gan_playground.js`, if there is one.
    /// Percent escapes are decoded, a query is ignored, and nothing outside the mapped folders can be reached.
    pub fn file(&self, address: &str) -> Option<PathBuf> {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let mut path = decode(path.strip_prefix('/')?)?;
        if path.is_empty() || path.ends_with('/') {
            path.push_str("index.html");
        }
        if !path.split('/').all(is_plain_name) {
            return None;
        }
        let (file, folder) = self.mounts.iter().find_map(|mount| match mount {
            Mount::File(at, file, folder) => (*at == path).then(|| (file.clone(), folder)),
            Mount::Folder(at, folder) => path.strip_prefix(at).map(|rest| (folder.join(rest), folder)),
            Mount::Over(folder) => Some((folder.join(&path), folder)).filter(|(file, _)| file.is_file()),
        })?;
        (file.is_file() && is_within(&file, folder)).then_some(file)
    }

    /// Every address (without the leading `/`) with its file.
    pub fn files(&self) -> Result<Vec<(String, PathBuf)>> {
        let mut files = Vec::new();
        for mount in &self.mounts {
            match mount {
                Mount::File(at, file, folder) => {
                    ensure!(!file.exists() || is_within(file, folder), "{} leads out of its folder", file.display());
                    files.push((at.clone(), file.clone()));
                }
                Mount::Folder(_, folder) | Mount::Over(folder) => {
                    let at = if let Mount::Folder(at, _) = mount { at } else { "" };
                    for file in walk(folder)? {
                        let path = relative(&file, folder);
                        let address = format!("{at}{path}");
                        let is_there = files.iter().any(|(there, _)| *there == address);
                        if path.split('/').all(is_plain_name) && is_within(&file, folder) && !is_there {
                            files.push((address, file));
                        }
                    }
                }
            }
        }
        Ok(files)
    }
}

/// Whether a file is in a folder when all symbolic links are followed, be it the folder itself that is reached by one.
fn is_within(file: &Path, folder: &Path) -> bool {
    matches!((file.canonicalize(), folder.canonicalize()), (Ok(file), Ok(folder)) if file.starts_with(&folder))
}

/// Neither empty, nor hidden, nor a way up (`..`), nor anything that another system reads as a separator or a drive.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['\\', ':', '\0'])
}

/// Decodes `%20` and the like; `None` if an escape is broken or the result is not UTF-8.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| (byte as char).to_digit(16);
                (digit(rest.next()?)? * 16 + digit(rest.next()?)?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The `Content-Type` of a file, by its name.
pub fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        // A licence, a text, or TypeScript declarations, whose ending otherwise means a video.
        None | Some("txt" | "md" | "ts") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `cargo xtask site [DIR]`. Trunk calls it too, and says where by `TRUNK_STAGING_DIR`.
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let folder = match arguments {
        [] => std::env::var_os("TRUNK_STAGING_DIR").map_or(project.root.join("dist"), PathBuf::from),
        [option] if option.starts_with('-') => bail!("site knows no option {option}: usage: cargo xtask site [DIR]"),
        [folder] => std::path::absolute(folder)?,
        _ => bail!("usage: cargo xtask site [DIR]"),
    };
    npm::ensure(project, npm::Need::Page)?;
    images::ensure_usual(project)?;
    for problem in pkg::problems(project, &pkg::all_engines())? {
        eprintln!("warning: {problem}");
    }
    let policy = headers::policy(&project.root)?;
    let mut site = Site::new(project);
    site.put_before(bundle::make(project)?);
    copy(&site, &folder)?;
    fs::write(folder.join(headers::FILE), headers::file(&policy)).context("cannot write the file of headers")
}

fn copy(site: &Site, folder: &Path) -> Result<()> {
    let files = site.files()?;
    for (address, file) in &files {
        let to = folder.join(address);
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        fs::copy(file, &to).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    println!("{} files in {}", files.len(), folder.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::scratch;

    fn project(name: &str) -> Project {
        let root = scratch(name);
        for file in [
            "www/index.html",
            "www/views/chart.js",
            "www/.hidden",
            "pkg/cpu/gan_playground_bg.wasm",
            "secret",
            "target/site/data/mnist/0.shard",
            "node_modules/htm/dist/htm.module.js",
            "node_modules/htm/src/build.mjs",
        ] {
            let file = root.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "x").unwrap();
        }
        let target = root.join("target");
        Project { root, target }
    }

    #[test]
    fn addresses_map_to_files() {
        let project = project("mapping");
        let site = Site::new(&project);
        for (address, file) in [
            ("/", "www/index.html"),
            ("/index.html?x=1", "www/index.html"),
            ("/views/chart.js", "www/views/chart.js"),
            ("/views%2Fchart.js", "www/views/chart.js"),
            ("/pkg/cpu/gan_playground_bg.wasm", "pkg/cpu/gan_playground_bg.wasm"),
            ("/data/mnist/0.shard", "target/site/data/mnist/0.shard"),
            ("/vendor/htm/dist/htm.module.js", "node_modules/htm/dist/htm.module.js"),
        ] {
            assert_eq!(site.file(address), Some(project.root.join(file)), "{address}");
        }
    }

    #[test]
    fn nothing_else_can_be_reached() {
        let site = Site::new(&project("traversal"));
        for address in [
            "",
            "secret",
            "/secret",
            "/../secret",
            "/%2e%2e/secret",
            "/%2e%2e%2fsecret",
            "/pkg/../../secret",
            "/pkg/..%5c..%5csecret",
            "//secret",
            "/views",
            "/views/",
            "/.hidden",
            "/nothing.js",
            "/vendor/htm/src/build.mjs",
            "/data/mnist/7.shard",
            "/data/fashion/0.shard",
            "/%",
            "/%zz",
            "/%ff",
            "/index.html%00",
        ] {
            assert_eq!(site.file(address), None, "{address}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out() {
        use std::os::unix::fs::symlink;
        let project = project("links");
        let root = &project.root;
        fs::create_dir(root.join("outside")).unwrap();
        fs::write(root.join("outside/x.js"), "x").unwrap();
        symlink(root.join("secret"), root.join("www/secret.js")).unwrap();
        symlink("../outside", root.join("www/outside")).unwrap();
        symlink("../pkg/cpu", root.join("www/sibling")).unwrap();
        symlink(root.join("outside"), root.join("pkg/outside")).unwrap();
        symlink(".", root.join("www/circle")).unwrap();
        symlink("views/chart.js", root.join("www/inside.js")).unwrap();
        let site = Site::new(&project);
        for address in [
            "/secret.js",
            "/up/secret",
            "/sibling/gan_playground_bg.wasm",
            "/pkg/system/etc/passwd",
            "/up/www/up/secret",
        ] {
            assert_eq!(site.file(address), None, "{address}");
        }
        assert!(site.file("/inside.js").is_some());
        let addresses: Vec<_> = site.files().unwrap().into_iter().map(|(address, _)| address).collect();
        assert!(addresses.contains(&"inside.js".to_owned()));
        for stray in ["secret.js", "outside", "sibling", "pkg/outside", "circle"] {
            assert!(!addresses.iter().any(|address| address.starts_with(stray)), "{stray}");
        }
        // A library's file that is elsewhere would be missing from the copy: that is told.
        fs::remove_file(root.join("node_modules/htm/dist/htm.module.js")).unwrap();
        symlink(root.join("secret"), root.join("node_modules/htm/dist/htm.module.js")).unwrap();
        assert_eq!(site.file("/vendor/htm/dist/htm.module.js"), None);
        assert!(site.files().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_may_itself_be_a_link() {
        let project = project("linked");
        fs::rename(project.root.join("node_modules"), project.root.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("elsewhere", project.root.join("node_modules")).unwrap();
        assert!(Site::new(&project).file("/vendor/htm/dist/htm.module.js").is_some());
    }

    #[test]
    fn copying_and_serving_agree() {
        let project = project("agree");
        let site = Site::new(&project);
        let files = site.files().unwrap();
        let present: Vec<_> = files.iter().filter(|(_, file)| file.is_file()).collect();
        assert_eq!(present.len(), 5);
        for (address, file) in present {
            assert_eq!(site.file(&format!("/{address}")).as_ref(), Some(file));
        }
    }

    #[test]
    fn what_is_put_before_hides_what_is_there() {
        let project = project("before");
        let before = project.root.join("before");
        for file in ["index.html", "bundle/app.js"] {
            fs::create_dir_all(before.join(file).parent().unwrap()).unwrap();
            fs::write(before.join(file), "y").unwrap();
        }
        let mut site = Site::new(&project);
        site.put_before(before.clone());
        for (address, file) in [
            ("/", "before/index.html"),
            ("/bundle/app.js", "before/bundle/app.js"),
            ("/views/chart.js", "www/views/chart.js"),
        ] {
            assert_eq!(site.file(address), Some(project.root.join(file)), "{address}");
        }
        let files = site.files().unwrap();
        assert_eq!(files.iter().filter(|(address, _)| address == "index.html").count(), 1);
        assert!(files.contains(&("index.html".to_owned(), before.join("index.html"))));
        assert_eq!(site.file("/../before/index.html"), None);
    }

    #[test]
    fn content_types() {
        for (file, expected) in [
            ("a.wasm", "application/wasm"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("a_bg.wasm.d.ts", "text/plain; charset=utf-8"),
            ("0.shard", "application/octet-stream"),
            ("LICENSE", "text/plain; charset=utf-8"),
            ("icon.svg", "image/svg+xml"),
        ] {
            assert_eq!(mime(Path::new(file)), expected, "{file}");
        }
    }
}
