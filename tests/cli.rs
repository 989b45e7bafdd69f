//! The command line, as it is called: exit status, messages, files, signals and closed pipes.
#![cfg(feature = "cli")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_gan-playground");
/// The smallest networks.
const SMALL: &str = "#v=1&g=4&d=4&batch=8";
/// The last step that a link can stop at: nothing gets there.
const FOREVER: &str = "1000000000";
/// Long past what any of this takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a program has said, and its exit status.
struct Said {
    status: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(PROGRAM);
    program.args(arguments);
    prepared(program)
}

fn prepared(mut program: Command) -> Command {
    program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // So that `finish` can end all of a pipe.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut program, 0);
    program
}

fn run(arguments: &[&str]) -> Said {
    finish(program(arguments).spawn().unwrap())
}

/// Waits for the end, but not for ever.
fn finish(child: Child) -> Said {
    let id = child.id();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output()));
    let Ok(output) = receive.recv_timeout(PATIENCE) else {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{id}")]).status();
        panic!("process {id} does not end");
    };
    output.unwrap().into()
}

/// Trains small networks with more options.
fn train(options: &[&str]) -> Said {
    run(&[&["train", SMALL, "--engine", "cpu", "--steps", "3"], options].concat())
}

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("gan-playground-cli-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.0.join(name), content).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The names in it, sorted.
    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn json(said: &Said) -> serde_json::Value {
    serde_json::from_str(said.out.lines().last().unwrap_or_default()).unwrap_or_else(|e| panic!("{e}: {}", said.out))
}

mod links {
    use super::*;

    /// Trains for one step on a link.
    fn train(link: &str) -> Said {
        run(&["train", link, "--steps", "1", "--engine", "cpu"])
    }

    #[test]
    fn a_text_that_is_no_link_is_an_error() {
        for text in ["garbage", "moons", "#colour=blue"] {
            let said = train(text);
            assert_eq!(said.status, Some(2), "{}", said.err);
            for part in [text, "names no field", "#v=1&data=moons", "gan-playground catalog"] {
                assert!(said.err.contains(part), "“{part}” in\n{}", said.err);
            }
        }
    }

    #[test]
    fn a_link_with_problems_warns_and_is_trained() {
        let Said { status, err, .. } = train("g=4&d=4&batch=0&colour=blue");
        assert_eq!(status, Some(0), "{err}");
        assert!(
            err.contains("warning: batch: “0” is not a whole number from 1 to 1024; 256 is used instead\n"),
            "{err}"
        );
        assert!(err.contains("warning: colour: there is no field of this name; it was left out\n"), "{err}");
        assert!(err.contains("#v=2&g=4&d=4&stop=1\n"), "the rest applies:\n{err}");
    }

    #[test]
    fn a_good_link_and_none_warn_of_nothing() {
        for link in ["", "#v=1&g=4&d=4"] {
            let said = train(link);
            assert_eq!(said.status, Some(0), "{}", said.err);
            assert!(!said.err.contains("warning"), "{}", said.err);
        }
    }
}

mod arguments {
    use super::*;

    #[test]
    fn steps_are_what_a_link_could_stop_at() {
        for steps in ["0", "1000000001", "99999999999999999999", "-1", "1e3", ""] {
            let said = run(&["train", SMALL, &format!("--steps={steps}")]);
            assert_eq!(said.status, Some(2), "{steps}: {}", said.err);
            assert!(said.err.contains("a whole number from 1 to 1000000000"), "{}", said.err);
        }
    }

    #[test]
    fn a_count_of_nothing_is_told() {
        let said = train(&["--count", "5"]);
        assert_eq!(said.status, Some(0));
        assert!(said.err.contains("warning: --count does nothing without --samples\n"), "{}", said.err);
        let folder = Folder::new("count");
        let said = train(&["--count", "5", "--samples", &folder.path("a.csv")]);
        assert!(!said.err.contains("warning"), "{}", said.err);
    }

    #[test]
    fn help_tells_every_exit_status() {
        let said = run(&["train", "--help"]);
        assert_eq!(said.status, Some(0));
        let (_, statuses) = said.out.split_once("Exit status:").expect("a list of them");
        for status in ["0", "1", "2", "3", "4", "5", "130", "141"] {
            assert!(statuses.contains(&format!("\n  {status:4} ")), "{status} in {statuses}");
        }
    }

    #[test]
    fn every_image_file_is_there_before_the_first_step() {
        let folder = Folder::new("site");
        fs::create_dir_all(folder.0.join("data/mnist")).unwrap();
        folder.file("data/mnist/0.shard", "x");
        let site = folder.path("");
        let said = run(&["train", "data=mnist&images=60000", "--steps", "1", "--site", &site]);
        assert_eq!(said.status, Some(1));
        assert!(
            said.err.contains("1.shard could not be read") && said.err.contains("cargo xtask site"),
            "{}",
            said.err
        );
    }
}

mod ends {
    use super::*;

    #[test]
    fn a_run_says_how_it_is() {
        let said = train(&["--json"]);
        assert_eq!(said.status, Some(0), "{}", said.err);
        let line = json(&said);
        assert_eq!((&line["status"], &line["steps"]), (&"stopped".into(), &3.into()));
        assert_eq!(line["interrupted"], false);
        assert!(line["health"].is_string() && line["fingerprint"].is_string(), "{line}");
        assert!(line["steps_per_second"].as_f64().unwrap() > 0.0, "{line}");
        assert!(line["metrics"]["modes"].is_number(), "{line}");
    }

    #[test]
    fn a_diverged_run_is_told_by_its_status() {
        let folder = Folder::new("diverged");
        let link = "objective=leastsquares&gopt=sgd&dopt=sgd&glr=10&dlr=10&g=16,16&d=16,16";
        let [metrics, state] = ["m.json", "s.bin"].map(|name| folder.path(name));
        let said = run(&["train", link, "--steps", "2000", "--json", "--metrics", &metrics]);
        assert_eq!(said.status, Some(3), "{}", said.err);
        let line = json(&said);
        assert_eq!((&line["status"], &line["interrupted"]), (&"diverged".into(), &false.into()));
        assert_eq!(folder.names(), ["m.json"], "what there is is written");
        // What cannot be written is an error besides, and the rest is written.
        let said = run(&["train", link, "--steps", "2000", "--force", "--state", &state, "--metrics", &metrics]);
        assert_eq!(said.status, Some(1), "{}", said.err);
        assert!(said.err.contains("error: ") && said.err.contains("s.bin is not written"), "{}", said.err);
        assert_eq!(folder.names(), ["m.json"]);
    }
}

mod files {
    use super::*;

    const ALL: [(&str, &str); 5] = [
        ("--samples", "s.csv"),
        ("--metrics", "m.json"),
        ("--losses", "l.csv"),
        ("--figures", "f.csv"),
        ("--state", "r.bin"),
    ];

    /// Refused before the training, and nothing has changed.
    fn refused(folder: &Folder, options: &[&str], why: &str) {
        let before = folder.names();
        let said = train(options);
        assert_eq!(said.status, Some(1), "{options:?}: {}", said.err);
        assert!(said.err.contains(why), "{options:?}: “{why}” in\n{}", said.err);
        assert!(!said.err.contains("seed") && said.out.is_empty(), "{options:?} was trained:\n{}", said.err);
        assert_eq!(folder.names(), before, "{options:?}");
    }

    #[test]
    fn what_cannot_be_written_is_refused_before_the_training() {
        let folder = Folder::new("refused");
        fs::create_dir(folder.0.join("folder.csv")).unwrap();
        let there = folder.file("there.csv", "precious");
        let (sub, missing) = (folder.path("folder.csv"), folder.path("missing/a.csv"));
        for (option, _) in ALL {
            refused(&folder, &[option, &missing], "there is no folder");
            refused(&folder, &[option, &format!("{there}/a.csv")], "there is no folder");
            refused(&folder, &[option, &sub], "is a folder");
            refused(&folder, &[option, &sub, "--force"], "is a folder");
            refused(&folder, &[option, &there], "there.csv is already there; --force");
            refused(&folder, &[option, &folder.path("new.csv/")], "names no file");
            if cfg!(target_os = "linux") {
                refused(&folder, &[option, "/proc/a.csv"], "/proc/a.csv cannot be written");
            }
        }
        refused(&folder, &["--samples", &folder.path("a.txt")], "must end in one of them");
        // One bad place keeps the others from being written too.
        refused(&folder, &["--metrics", &folder.path("m"), "--losses", &there], "is already there");
        assert_eq!(folder.read("there.csv"), "precious");
    }

    #[test]
    fn two_outputs_in_one_file_are_refused_however_spelt() {
        let folder = Folder::new("same");
        fs::create_dir(folder.0.join("sub")).unwrap();
        let a = folder.path("a.csv");
        let mut spellings = vec![a.clone(), folder.path("./a.csv"), folder.path("sub/../a.csv")];
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink(&folder.0, folder.0.join("sub/up")).unwrap();
            // They lead to a file that is not there yet.
            symlink("a.csv", folder.0.join("link")).unwrap();
            symlink(folder.0.join("sub/../link"), folder.0.join("chain")).unwrap();
            symlink("circle", folder.0.join("circle")).unwrap();
            refused(&folder, &["--metrics", &folder.path("circle")], "circle");
            spellings.extend(["sub/up/a.csv", "link", "chain"].map(|name| folder.path(name)));
        }
        for other in &spellings {
            for pair in [["--samples", "--metrics"], ["--samples", "--losses"], ["--samples", "--state"]] {
                refused(&folder, &[pair[0], &a, pair[1], other], "are the same file");
            }
            refused(&folder, &["--state", other, "--losses", &a, "--force"], "are the same file");
        }
        folder.file("a.csv", "precious");
        for other in &spellings {
            refused(&folder, &["--metrics", &a, "--losses", other, "--force"], "are the same file");
        }
        assert_eq!(folder.read("a.csv"), "precious");
    }

    #[test]
    fn everything_is_written_whole() {
        let folder = Folder::new("written");
        let paths = ALL.map(|(option, name)| [option.to_owned(), folder.path(name)]).concat();
        let mut options: Vec<&str> = paths.iter().map(String::as_str).collect();
        options.extend(["--count", "17"]);
        let said = train(&options);
        assert_eq!(said.status, Some(0), "{}", said.err);
        assert_eq!(folder.names(), ["f.csv", "l.csv", "m.json", "r.bin", "s.csv"]);
        let samples = folder.read("s.csv");
        assert_eq!((samples.lines().next(), samples.lines().count()), (Some("x,y"), 18));
        let losses = folder.read("l.csv");
        let columns: Vec<Vec<&str>> = losses.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(columns.iter().map(|row| row[0]).collect::<Vec<_>>(), ["step", "1", "2", "3"]);
        assert!(columns[1..].iter().flatten().all(|number| number.parse::<f64>().unwrap().is_finite()), "{losses}");
        let figures = folder.read("f.csv");
        let lines: Vec<Vec<&str>> = figures.lines().map(|line| line.split(',').collect()).collect();
        let modes = lines[0].iter().position(|name| *name == "modes").expect("modes are a figure");
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() == lines[0].len()), "{figures}");
        assert_eq!((lines[0][0], lines[lines.len() - 1][0]), ("step", "3"));
        let metrics: serde_json::Value = serde_json::from_str(&folder.read("m.json")).unwrap();
        let metric = metrics.as_array().unwrap().iter().find(|metric| metric["name"] == "modes").unwrap();
        assert_eq!(lines[lines.len() - 1][modes].parse::<f64>().unwrap(), metric["value"].as_f64().unwrap());
        let mut session = common::session(SMALL, gan_playground::device::Engine::Cpu);
        session.load(&fs::read(folder.0.join("r.bin")).unwrap()).unwrap();
        assert_eq!(session.step(), 3);

        let picture = folder.path("s.png");
        assert_eq!(train(&["--samples", &picture]).status, Some(0));
        let decoder = png::Decoder::new(std::io::Cursor::new(fs::read(&picture).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert!(pixels.chunks(3).any(|pixel| pixel != [255; 3]), "some points are seen");

        // Once more, and over them.
        let said = train(&options);
        assert!(said.err.contains("--force"), "{}", said.err);
        folder.file("m.json", "old");
        options.push("--force");
        assert_eq!(train(&options).status, Some(0));
        assert_ne!(folder.read("m.json"), "old");
        assert_eq!(folder.names().len(), 6);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_over_stays_the_file_it_was() {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
        let folder = Folder::new("over");
        folder.file("a", "old");
        fs::set_permissions(folder.0.join("a"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a", folder.0.join("link")).unwrap();
        let link = folder.path("link");
        assert_eq!(train(&["--metrics", &link, "--force"]).status, Some(0));
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("a"), "the link is still one");
        assert!(folder.read("a").starts_with('['));
        assert_eq!(fs::metadata(folder.0.join("a")).unwrap().permissions().mode() & 0o777, 0o640);

        // A device holds nothing that could be lost, and no file takes its place.
        assert_eq!(train(&["--metrics", "/dev/null"]).status, Some(0));
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let said = train(&["--losses", "/dev/stdout", "--json"]);
        assert_eq!(said.status, Some(0), "{}", said.err);
        assert!(said.out.starts_with("step,loss_d,loss_g\n1,"), "{}", said.out);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_write_that_fails_leaves_what_was_there() {
        let folder = Folder::new("full");
        let samples = folder.file("s.csv", "precious");
        // Files may grow to 64 blocks, as on a disk that fills up: the metrics fit, the samples do not.
        let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
        let arguments = ["train", SMALL, "--steps", "3", "--force", "--samples", &samples, "--count", "100000"];
        let mut shell = Command::new("sh");
        shell.args(["-c", script, PROGRAM]).args(arguments).args(["--metrics", &folder.path("m.json")]);
        let said = finish(prepared(shell).spawn().unwrap());
        assert_eq!(said.status, Some(1), "{}", said.err);
        assert!(said.err.contains("s.csv cannot be written"), "{}", said.err);
        assert_eq!(folder.read("s.csv"), "precious");
        assert_eq!(folder.names(), ["m.json", "s.csv"]);
    }
}

#[cfg(unix)]
mod interrupted {
    use super::*;
    use std::io::{BufRead, BufReader, Read};

    fn interrupt(child: &Child) {
        let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Starts a run and waits until it says what it trains; what it has yet to say on standard error.
    fn start(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStderr>) {
        let mut child = program(arguments).spawn().unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with('#') {
            line.clear();
            assert!(err.read_line(&mut line).unwrap() > 0, "it ended too soon");
        }
        (child, err)
    }

    fn rest(mut err: BufReader<std::process::ChildStderr>) -> String {
        let mut text = String::new();
        err.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn once_writes_what_there_is() {
        let folder = Folder::new("once");
        let [samples, metrics, losses, state] = ["s.csv", "m.json", "l.csv", "r.bin"].map(|name| folder.path(name));
        let files = ["--samples", &samples, "--metrics", &metrics, "--losses", &losses, "--state", &state];
        let (child, err) = start(&[&["train", SMALL, "--steps", FOREVER, "--json"], &files[..]].concat());
        interrupt(&child);
        let said = finish(child);
        let err = rest(err);
        assert_eq!(said.status, Some(130), "{err}");
        assert!(err.contains("ends after this step") && err.contains(&format!("of {FOREVER}")), "{err}");
        assert_eq!(folder.names(), ["l.csv", "m.json", "r.bin", "s.csv"]);
        let line = json(&said);
        assert_eq!(line["interrupted"], true);
        let mut session = common::session(SMALL, gan_playground::device::Engine::Cpu);
        session.load(&fs::read(&state).unwrap()).unwrap();
        assert_eq!(line["steps"], session.step());
    }

    #[test]
    fn a_file_that_came_meanwhile_is_kept_and_so_is_the_result() {
        let folder = Folder::new("meanwhile");
        let metrics = folder.path("m.json");
        let (child, err) = start(&["train", SMALL, "--steps", FOREVER, "--metrics", &metrics]);
        folder.file("m.json", "precious");
        interrupt(&child);
        let said = finish(child);
        let err = rest(err);
        assert_eq!(said.status, Some(1), "{err}");
        assert_eq!(folder.read("m.json"), "precious");
        let names = folder.names();
        let other = names.iter().find(|name| *name != "m.json").expect("the result");
        assert!(err.contains(other.as_str()), "{other} in {err}");
        assert!(folder.read(other).starts_with('['));
    }

    #[test]
    fn twice_ends_at_once() {
        let folder = Folder::new("twice");
        // A step takes long enough for a second signal to come within it.
        let slow = "z=256&batch=1024&g=1024,1024,1024&d=1024,1024,1024&dsteps=2";
        let (child, mut err) = start(&["train", slow, "--steps", "2", "--metrics", &folder.path("m.json")]);
        interrupt(&child);
        let mut line = String::new();
        while !line.contains("again ends at once") {
            line.clear();
            assert!(err.read_line(&mut line).unwrap() > 0, "it does not say what a second one does");
        }
        interrupt(&child);
        assert_eq!(finish(child).status, Some(130));
        assert_eq!(rest(err), "", "it ended at once");
        assert_eq!(folder.names(), Vec::<String>::new());
    }
}

/// Mescheder et al. 2018, table 1, as far as the Dirac-GAN decides it.
#[test]
fn the_table_of_convergence_is_the_papers() {
    let said = run(&["convergence"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    let rests = |game: &str| {
        let row = said
            .out
            .lines()
            .find(|line| line.starts_with(&format!("| {game} |")))
            .unwrap_or_else(|| panic!("no {game}"));
        row.ends_with("| yes |")
    };
    for game in ["GAN", "non-saturating GAN", "WGAN, clipped", "WGAN-GP", "DRAGAN"] {
        assert!(!rests(game), "{game} comes to rest");
    }
    for game in ["R1", "R2", "non-saturating, R1", "consensus optimisation"] {
        assert!(rests(game), "{game} does not come to rest");
    }
    for found in ["0.0000 ± 0.5000 i", "−0.1500 ± 0.4770 i", "| 3.0969 | 1.4210 |", "2.64e−6 | 2.30e−7"] {
        assert!(said.out.contains(found), "{found} is not in\n{}", said.out);
    }
}

#[cfg(unix)]
mod closed_pipes {
    use super::*;

    #[test]
    fn end_quietly() {
        let one = ["train", SMALL, "--steps", "1"];
        let calls: [&[&str]; 8] = [
            &["catalog"],
            &["convergence"],
            &["catalog", "--json"],
            &["--help"],
            &["train", "--help"],
            &["train", "garbage"],
            &one,
            &[&one[..], &["--json"]].concat(),
        ];
        for arguments in calls {
            for close_both in [false, true] {
                let mut child = program(arguments).spawn().unwrap();
                drop(child.stdout.take());
                if close_both {
                    drop(child.stderr.take());
                }
                let said = finish(child);
                // Rust's own status for a panic; nothing for a signal.
                assert!(![None, Some(101)].contains(&said.status), "{arguments:?}: {:?}", said.status);
                let complaint = ["panicked", "error: standard", "roken pipe"].iter().find(|c| said.err.contains(**c));
                assert_eq!(complaint, None, "{arguments:?}:\n{}", said.err);
            }
        }
    }

    #[test]
    fn warnings_that_nobody_reads_do_not_end_the_run() {
        let mut child = program(&["train", "g=4&d=4&colour=blue", "--steps", "1", "--json"]).spawn().unwrap();
        drop(child.stderr.take());
        let said = finish(child);
        assert_eq!((said.status, json(&said)["steps"].clone()), (Some(0), 1.into()));
    }

    #[test]
    fn a_run_that_nobody_will_see_is_given_up() {
        let folder = Folder::new("unread");
        let script = "{ \"$0\" train \"$1\" --steps \"$2\"; echo $? > \"$3\"; } 2>&1 | head -1";
        let status = folder.path("status");
        let mut shell = Command::new("sh");
        shell.args(["-c", script, PROGRAM, SMALL, FOREVER, &status]);
        let said = finish(prepared(shell).spawn().unwrap());
        assert!(said.out.contains("seed") && said.out.lines().count() == 1, "{}", said.out);
        assert_eq!(folder.read("status"), "141\n");
    }

    #[test]
    fn a_run_for_files_goes_on() {
        let folder = Folder::new("for-files");
        let metrics = folder.path("m.json");
        let mut child = program(&["train", SMALL, "--steps", "2000", "--metrics", &metrics]).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(finish(child).status, Some(0));
        assert!(folder.read("m.json").starts_with('['));
    }
}
