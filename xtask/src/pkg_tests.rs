use super::*;
use crate::project::scratch;

/// A checkout with the files that the source hash reads.
fn checkout(name: &str) -> Project {
    let root = scratch(name);
    let sources = ["src/lib.rs", "src/nn/linear.rs", "src/bin/main.rs", "kernel/src/lib.rs"];
    for file in RECIPE.iter().chain(&LICENCES).chain(&sources) {
        let file = root.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "old").unwrap();
    }
    fs::write(root.join("package-lock.json"), npm_lock("132.0.0", "1.0.0")).unwrap();
    let target = root.join("target");
    Project { root, target }
}

fn npm_lock(binaryen: &str, preact: &str) -> String {
    let packages = serde_json::json!({
        "node_modules/binaryen": { "version": binaryen },
        "node_modules/preact": { "version": preact },
    });
    serde_json::json!({ "packages": packages }).to_string()
}

/// A `pkg/cpu` that fits the checkout.
fn build_by_hand(project: &Project) -> PathBuf {
    let engine = Engine::find("cpu").unwrap();
    let folder = folder_of(project, engine);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("gan_playground.js"), "export {}").unwrap();
    let tools = Tools { rustc: "r".into(), wasm_bindgen: "b".into(), wasm_opt: "o".into() };
    let source = source_hash(&project.root).unwrap();
    let manifest = describe(project, engine, &folder, source, &tools).unwrap();
    let json = serde_json::to_vec(&manifest).unwrap();
    fs::write(folder.join(MANIFEST), json).unwrap();
    folder
}

fn cpu_problems(project: &Project) -> Vec<String> {
    problems(project, &[Engine::find("cpu").unwrap()]).unwrap()
}

#[test]
fn the_source_hash_follows_what_goes_in() {
    let root = checkout("hash").root;
    let first = source_hash(&root).unwrap();
    assert_eq!(first.len(), 64);

    fs::write(root.join("src/bin/main.rs"), "new").unwrap();
    fs::write(root.join("README.md"), "new").unwrap();
    fs::write(root.join("package-lock.json"), npm_lock("132.0.0", "2.0.0")).unwrap();
    assert_eq!(source_hash(&root).unwrap(), first);

    for file in RECIPE.iter().chain(&LICENCES).chain(&["src/nn/linear.rs", "kernel/src/lib.rs"]) {
        fs::write(root.join(file), "new").unwrap();
        assert_ne!(source_hash(&root).unwrap(), first, "{file}");
        fs::write(root.join(file), "old").unwrap();
    }
    fs::write(root.join("package-lock.json"), npm_lock("133.0.0", "2.0.0")).unwrap();
    assert_ne!(source_hash(&root).unwrap(), first, "wasm-opt");
    fs::write(root.join("package-lock.json"), npm_lock("132.0.0", "2.0.0")).unwrap();

    fs::rename(root.join("src/lib.rs"), root.join("src/lob.rs")).unwrap();
    assert_ne!(source_hash(&root).unwrap(), first);
}

#[test]
fn a_stale_altered_or_missing_folder_is_noticed() {
    let project = checkout("stale");
    assert_eq!(cpu_problems(&project), ["pkg/cpu is not built"]);

    let folder = build_by_hand(&project);
    assert!(cpu_problems(&project).is_empty());

    fs::write(project.root.join("src/lib.rs"), "new").unwrap();
    assert_eq!(cpu_problems(&project), ["pkg/cpu was built from other sources"]);
    fs::write(project.root.join("src/lib.rs"), "old").unwrap();

    fs::write(folder.join("gan_playground.js"), "export { }").unwrap();
    assert_eq!(cpu_problems(&project), ["pkg/cpu/gan_playground.js is not the file of its manifest"]);
}

#[test]
fn a_comparison_names_the_files_that_differ() {
    let (one, two) = (scratch("one"), scratch("two"));
    for folder in [&one, &two] {
        fs::write(folder.join("same"), "same").unwrap();
    }
    assert!(differences("cpu", &one, &two).unwrap().is_empty());
    fs::write(two.join("same"), "else").unwrap();
    fs::write(two.join("more"), "").unwrap();
    assert_eq!(differences("cpu", &one, &two).unwrap(), ["  pkg/cpu/more", "  pkg/cpu/same"]);
}

#[test]
fn paths_of_the_machine_are_refused() {
    let private = ["/checkout".to_owned(), "/home/".to_owned()];
    assert_eq!(leak(b"\0crates/burn/src/lib.rs\0", &private), None);
    assert_eq!(leak(b"\0/home/ada/x.rs\0rest", &private).as_deref(), Some("/home/ada/x.rs"));

    let project = checkout("leak");
    let engine = Engine::find("cpu").unwrap();
    let folder = scratch("leaking");
    let text = format!("panicked at {}/src/lib.rs", project.root.display());
    fs::write(folder.join("x_bg.wasm"), text).unwrap();
    let tools = Tools { rustc: String::new(), wasm_bindgen: String::new(), wasm_opt: String::new() };
    let refusal = describe(&project, engine, &folder, String::new(), &tools).unwrap_err();
    assert!(refusal.to_string().contains("pkg/cpu/x_bg.wasm"), "{refusal}");
}

#[test]
fn versions_come_from_the_lock_file() {
    let root = scratch("lock");
    let lock = "[[package]]\nname = \"a-b\"\nversion = \"9\"\n\n[[package]]\nname = \"b\"\nversion = \"0.2.130\"\n";
    fs::write(root.join("Cargo.lock"), lock).unwrap();
    assert_eq!(locked_version(&root, "b").unwrap(), "0.2.130");
    assert!(locked_version(&root, "c").is_err());
}
