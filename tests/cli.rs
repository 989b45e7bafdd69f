//! The command line, as it is called: exit status and messages.
#![cfg(feature = "cli")]

use std::process::Command;

/// Trains the smallest networks for one step on a link: the exit status, and what was said on standard error.
fn train(link: &str) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gan-playground"));
    let output = program.args(["train", link, "--steps", "1", "--engine", "cpu"]).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_text_that_is_no_link_is_an_error() {
    for text in ["garbage", "moons", "#colour=blue"] {
        let (status, said) = train(text);
        assert_eq!(status, Some(2), "{said}");
        for part in [text, "names no field", "#v=1&data=moons", "gan-playground catalog"] {
            assert!(said.contains(part), "“{part}” in\n{said}");
        }
    }
}

#[test]
fn a_link_with_problems_warns_and_is_trained() {
    let (status, said) = train("g=4&d=4&batch=0&colour=blue");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("warning: batch: “0” is not a whole number from 1 to 1024; 256 is used instead\n"), "{said}");
    assert!(said.contains("warning: colour: there is no field of this name; it was left out\n"), "{said}");
    assert!(said.contains("#v=1&g=4&d=4&stop=1\n"), "the rest applies:\n{said}");
}

#[test]
fn a_good_link_and_none_warn_of_nothing() {
    for link in ["", "#v=1&g=4&d=4"] {
        let (status, said) = train(link);
        assert_eq!(status, Some(0), "{said}");
        assert!(!said.contains("warning"), "{said}");
    }
}
