//! A small local web server for the page.

use crate::headers;
use crate::http::{self, Body, LIMITS, Request, Response};
use crate::project::Project;
use crate::site::{Site, mime};
use crate::{bundle, images, npm, pkg};
use anyhow::{Context, Result, anyhow, bail};
use std::fs::File;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::UNIX_EPOCH;

/// `cargo xtask serve`: makes what is missing, then serves until it is interrupted.
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    npm::ensure(project, npm::Need::Page)?;
    images::ensure_usual(project)?;
    let mut site = Site::new(project);
    if options.draft {
        site.replace_pkg(pkg::draft(project)?);
        println!("a draft: the engine cpu alone, not optimised; the page's modules as they lie in www/");
    } else {
        let stale = pkg::problems(project, &pkg::all_engines())?;
        for problem in &stale {
            println!("{problem}");
        }
        if !stale.is_empty() && !options.as_it_is {
            println!(
                "building pkg/ now; `cargo xtask serve --no-build` serves it as it is, `--draft` builds only what it takes \
                 to see the page"
            );
            pkg::build_stale(project)?;
        }
        site.put_before(bundle::make(project)?);
    }
    let running = start(project, site, &options.host, options.port)?;
    println!("serving http://{}/  (Ctrl-C stops)", running.address);
    running.thread.join().map_err(|_| anyhow!("the server stopped"))
}

#[derive(Debug, PartialEq, Eq)]
struct Options {
    host: String,
    port: u16,
    as_it_is: bool,
    draft: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { host: "127.0.0.1".into(), port: 8080, as_it_is: false, draft: false };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let mut value =
                || value.clone().or_else(|| arguments.next().cloned()).with_context(|| format!("{name} needs a value"));
            match name {
                "--port" => {
                    let text = value()?;
                    options.port =
                        text.parse().map_err(|_| anyhow!("--port {text}: a port is a number from 0 to 65535"))?;
                }
                "--host" => options.host = value()?,
                "--no-build" => options.as_it_is = true,
                "--draft" => options.draft = true,
                _ => bail!("serve does not know {name}: it takes --port, --host, --no-build and --draft"),
            }
        }
        Ok(options)
    }
}

pub struct Running {
    pub address: SocketAddr,
    thread: JoinHandle<()>,
}

/// Serves on threads of its own until the program ends. Port 0 takes a free one.
pub fn start(project: &Project, site: Site, host: &str, port: u16) -> Result<Running> {
    let listener = TcpListener::bind((host, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow!("port {port} is in use: choose another with --port"),
        _ => anyhow!("cannot listen on {host}:{port}: {error}"),
    })?;
    let address = listener.local_addr()?;
    let policy = headers::policy(&project.root)?;
    let name = host.to_owned();
    let thread = http::serve(listener, LIMITS, move |request| {
        let mut response = answer(request, &site, &name);
        let sent = headers::ALWAYS.into_iter().filter(|header| site.threaded || !headers::ISOLATION.contains(header));
        response.headers.extend(sent.map(|(name, value)| (name, value.to_owned())));
        // The browser asks each time and gets 304 if nothing changed.
        response.headers.push(("Cache-Control", "no-cache".to_owned()));
        response.headers.push((headers::POLICY, policy.clone()));
        response
    });
    Ok(Running { address, thread })
}

/// Whether a request's `Host` is this server's. A name that is not would be another site's, made to point here so that its
/// scripts may read what is served; an address cannot be made to.
fn is_ours(host: &str, name: &str) -> bool {
    let host = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => host,
    };
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == name.to_ascii_lowercase()
        || host.parse::<IpAddr>().is_ok()
}

fn answer(request: &Request, site: &Site, name: &str) -> Response {
    let hosts: Vec<&str> = request.headers("host").collect();
    match hosts[..] {
        [host] if is_ours(host, name) => {}
        [_] => {
            return text(
                "421 Misdirected Request",
                "this server answers to localhost, to addresses, and to the name that `cargo xtask serve --host` was given\n",
            );
        }
        _ => return text("400 Bad Request", "a request has one Host\n"),
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        let mut refusal = text("405 Method Not Allowed", "only GET and HEAD\n");
        refusal.headers.push(("Allow", "GET, HEAD".into()));
        return refusal;
    }
    let Some(path) = site.file(&request.target) else {
        return text("404 Not Found", "not found\n");
    };
    let Ok((file, tag)) = open(&path) else {
        return text("500 Internal Server Error", "the file cannot be read\n");
    };
    if request.header("if-none-match") == Some(tag.as_str()) {
        return Response { status: "304 Not Modified", headers: vec![("ETag", tag)], body: Body::Nothing };
    }
    let headers = vec![("Content-Type", mime(&path).to_owned()), ("ETag", tag)];
    Response { status: "200 OK", headers, body: Body::File(file) }
}

fn text(status: &'static str, body: &'static str) -> Response {
    let headers = vec![("Content-Type", "text/plain; charset=utf-8".to_owned())];
    Response { status, headers, body: Body::Text(body) }
}

/// The file with a tag that changes whenever it does: its size and the time of its last change.
fn open(path: &Path) -> std::io::Result<(File, String)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH);
    let nanoseconds = changed.map_or(0, |time| time.as_nanos());
    Ok((file, format!("\"{:x}-{nanoseconds:x}\"", metadata.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn parse(arguments: &str) -> Result<Options> {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn options() {
        let defaults = parse("").unwrap();
        assert_eq!((&*defaults.host, defaults.port), ("127.0.0.1", 8080));
        assert_eq!(parse("--port 99").unwrap(), parse("--port=99").unwrap());
        assert_eq!(parse("--host 0.0.0.0").unwrap().host, "0.0.0.0");
        assert!(parse("--no-build").unwrap().as_it_is && parse("--draft").unwrap().draft);
        for wrong in ["--port", "--port 70000", "--port x", "--colour"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_its_own_names_are_answered_to() {
        for host in ["localhost", "LocalHost:8080", "localhost.:80", "gan.localhost:1", "127.0.0.1:8080", "192.168.1.7"]
        {
            assert!(is_ours(host, "127.0.0.1"), "{host}");
        }
        for host in ["[::1]:8080", "[::1]", "my.machine:8080", "MY.machine."] {
            assert!(is_ours(host, "my.machine"), "{host}");
        }
        for host in ["", ":8080", "attacker.example", "localhost.attacker.example:8080", "127.0.0.1.attacker.example"] {
            assert!(!is_ours(host, "127.0.0.1"), "{host}");
        }
    }

    #[test]
    fn answers_and_headers() {
        let root = crate::project::scratch("serve");
        std::fs::create_dir_all(root.join("www")).unwrap();
        let policy = "default-src 'self'; worker-src 'self'";
        let html = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"><p>hello");
        std::fs::write(root.join("www/index.html"), &html).unwrap();
        let target = root.join("target");
        let project = Project { root, target };
        let running = start(&project, Site::new(&project), "127.0.0.1", 0).unwrap();
        let ask_at = |request: &str, hosts: &str| {
            let mut stream = TcpStream::connect(running.address).unwrap();
            write!(stream, "{request} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let ask = |request: &str| ask_at(request, "Host: localhost\r\n");

        let page = ask("GET /");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.ends_with("<p>hello"), "{page}");
        for (name, value) in headers::ALWAYS.into_iter().chain([("Cache-Control", "no-cache")]) {
            assert!(page.contains(&format!("{name}: {value}")), "{page}");
        }
        assert!(page.contains("Content-Type: text/html; charset=utf-8"));
        assert!(page.contains(&format!("Content-Length: {}", html.len())));

        assert!(page.contains(&format!("\r\nContent-Security-Policy: {policy}\r\n")), "{page}");

        assert!(ask("HEAD /").ends_with("\r\n\r\n"));
        assert!(ask("GET /../Cargo.toml").starts_with("HTTP/1.1 404"));
        assert!(ask("POST /").starts_with("HTTP/1.1 405"));

        for (hosts, status) in [
            ("Host: 127.0.0.1:8080\r\n", "200"),
            ("Host: attacker.example\r\n", "421"),
            ("", "400"),
            ("Host: localhost\r\nHost: attacker.example\r\n", "400"),
        ] {
            let answer = ask_at("GET /", hosts);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{hosts}: {answer}");
        }

        let port = running.address.port();
        let project = Project { root: "/".into(), target: "/".into() };
        let message = match start(&project, Site::new(&project), "127.0.0.1", port) {
            Ok(_) => panic!("two servers on one port"),
            Err(error) => error.to_string(),
        };
        assert_eq!(message, format!("port {port} is in use: choose another with --port"));
    }
}
