//! What `--help` says.

/// A command of `cargo xtask`.
struct Command {
    name: &'static str,
    /// What may follow the name.
    arguments: &'static str,
    about: &'static str,
    /// Each with what it does; none for a command that has none.
    options: &'static [(&'static str, &'static str)],
}

const COMMANDS: [Command; 7] = [
    Command {
        name: "serve",
        arguments: "[--port 8080] [--host 127.0.0.1] [--no-build | --draft]",
        about: "serve the page; first builds what is missing",
        options: &[
            ("--port PORT", "listen there; 0 takes a free one"),
            (
                "--host HOST",
                "listen on this address; 0.0.0.0 on all, so that other machines reach the page, by this one's address",
            ),
            ("--no-build", "serve pkg/ as it is"),
            ("--draft", "build the engine cpu alone, without wasm-opt, for work on the core"),
        ],
    },
    Command {
        name: "site",
        arguments: "[DIR]",
        about: "copy the whole page to DIR (default: dist), for a static host",
        options: &[],
    },
    Command {
        name: "test",
        arguments: "[--quick | --all] [STAGE…]",
        about: "everything a commit must pass; stages: check, native, browser (default: all)",
        options: &[
            (
                "--quick",
                "minutes less: the browser's tests on the engine cpu alone, not optimised, and without the slow ones",
            ),
            ("--all", "also the long native tests (health, lessons) that have passed on these very sources"),
            ("check", "as `cargo xtask check`"),
            ("native", "cargo's tests"),
            (
                "browser",
                "the tests in Chromium, which is installed on Debian and else found by $CHROMIUM; builds the engines of \
                 which pkg/ has other sources, and leaves pkg/ as it is",
            ),
        ],
    },
    Command {
        name: "check",
        arguments: "",
        about: "formatting, lints, documentation, types of the page",
        options: &[],
    },
    Command {
        name: "data",
        arguments: "fashion [DIR] | emoji",
        about: "make the data that the page can do without: Fashion-MNIST, from its Debian package or from the four IDX files in DIR; or make anew what data/ has",
        options: &[],
    },
    Command {
        name: "pkg",
        arguments: "[--check | --stale] [ENGINE…]",
        about: "build pkg/ for the engines cpu, cpu-threads, ndarray, webgpu (default: all)",
        options: &[
            ("--check", "rebuild elsewhere and compare with the committed bytes"),
            ("--stale", "only ask whether pkg/ was built from these sources (takes milliseconds)"),
        ],
    },
    Command {
        name: "bench",
        arguments: "[ARG…] | quality [ARG…] | arrival [ARG…]",
        about: "steps per second in Chromium and natively",
        options: &[
            ("--quick", "fewer and shorter spans"),
            ("--parts LIST", "of speeds, wasm, looking, loads, gpu (default: all)"),
            ("--engines LIST", "of cpu, cpu-threads, ndarray, native, native-webgpu (default: all but the last)"),
            ("--sizes LIST", "of small, 64, 128, 512, mnist (default: all)"),
            ("--gpu software|real", "which GPU is asked (default: software)"),
            ("--json FILE", "write everything to FILE instead of printing it"),
            ("quality", "what the default links of all sets of points have learned, natively; seeds 11 to 15"),
            ("quality --link LINK", "that link instead; with --steps N (default: 8000) and --seeds A-B"),
            ("arrival …", "when the seeds of a link reach a given quality in the page: see tests/browser/arrival.mjs"),
        ],
    },
];

/// Whether help is asked for.
pub fn is_asked(argument: &str) -> bool {
    matches!(argument, "help" | "--help" | "-h")
}

/// All commands in short.
pub fn all() -> String {
    let mut text = String::from("cargo xtask <command>; each tells more by --help\n\n");
    for Command { name, arguments, about, .. } in &COMMANDS {
        text += &format!("  {}\n", format!("{name} {arguments}").trim_end());
        text += &format!("{:21}{about}\n", "");
    }
    text
}

/// One command, or `None` if there is none of that name.
pub fn of(name: &str) -> Option<String> {
    let Command { arguments, about, options, .. } = COMMANDS.iter().find(|command| command.name == name)?;
    let mut text = format!("{}\n\n{about}\n", format!("cargo xtask {name} {arguments}").trim_end());
    if !options.is_empty() {
        text.push('\n');
    }
    for (option, what) in *options {
        text += &format!("  {option:20} {what}\n");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_help() {
        let overview = all();
        for command in &COMMANDS {
            assert!(overview.contains(&format!("\n  {}", command.name)) && overview.contains(command.about));
            let own = of(command.name).unwrap();
            assert!(own.starts_with(&format!("cargo xtask {}", command.name)), "{own}");
            for (option, _) in command.options {
                assert!(own.contains(option), "{own}");
            }
        }
        assert_eq!(of("colour"), None);
    }
}
