//! Which commands run, how they are run, and that nothing of them stays.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use alas_sandbox::{Asked, Failure, Grants, Layer, Order, Process, Reach};
use tempfile::TempDir;

fn these(names: &[&str]) -> Reach {
    Reach::These(names.iter().map(|&name| name.to_owned()).collect())
}

fn granted(folder: &Path, commands: &[&str]) -> Grants {
    let asked = Asked { run: these(commands), read: these(&["in"]), ..Asked::default() };
    Grants::of(vec![Layer::of(&asked, folder)], folder)
}

/// A folder with `in` and `out`, and a script `say` in each.
fn place() -> TempDir {
    let place = TempDir::new().unwrap();
    for folder in ["in", "out"] {
        fs::create_dir(place.path().join(folder)).unwrap();
        let script = place.path().join(folder).join("say");
        fs::write(&script, format!("#!/bin/sh\necho from {folder}\n")).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    }
    place
}

const ORDER: Order<'static> = Order { command: "sh", arguments: &[], input: "", folder: None };

fn wait(mut process: Process) -> (i32, String, String) {
    let begun = Instant::now();
    while !process.advance(Duration::from_millis(10)).unwrap() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
    }
    let (code, output, errors) = process.finish();
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

fn run(grants: &Grants, order: &Order<'_>) -> Result<(i32, String, String), String> {
    grants.start(order).map(wait).map_err(|failure| match failure {
        Failure::Denied(denial) => format!("denied {} {}", denial.access.as_str(), denial.target),
        Failure::Impossible(_) => "impossible".to_owned(),
        Failure::System(error) => format!("{:?}", error.kind()),
    })
}

fn shell(script: &str) -> (i32, String, String) {
    let place = place();
    let order = Order { arguments: &["-c", script], ..ORDER };
    run(&granted(place.path(), &["sh"]), &order).unwrap()
}

#[test]
fn commands_are_those_that_were_granted() {
    let place = place();
    let inside = place.path().join("in/say").display().to_string();
    let outside = place.path().join("out/say").display().to_string();
    symlink(&outside, place.path().join("in/link")).unwrap();
    let link = place.path().join("in/link").display().to_string();
    for (commands, command, expected) in [
        (&["in/say"][..], "in/say", "from in\n"),
        (&["in/say"], &inside, "from in\n"),
        (&[&inside], "in/say", "from in\n"),
        (&[&inside], &inside, "from in\n"),
        (&["in/say"], &outside, "denied"),
        (&["in/say"], "in/../out/say", "denied"),
        (&["in/say"], "say", "denied"),
        (&["say"], &inside, "denied"),
        (&["in/say"], &link, "denied"),
        (&["in/nothing"], "in/nothing", "NotFound"),
        (&[], "sh", "denied"),
        (&[], "no-such-command", "denied"),
        (&["sh"], "", "denied"),
        (&["sh"], "sh\0", "impossible"),
        (&["sh"], "sh -c exit", "denied"),
    ] {
        let found = match run(&granted(place.path(), commands), &Order { command, ..ORDER }) {
            Ok((0, output, _)) => output,
            Ok((code, _, errors)) => format!("{code}: {errors}"),
            Err(failure) => failure.split(' ').next().unwrap_or_default().to_owned(),
        };
        assert_eq!(found, expected, "{commands:?} {command:?}");
    }
    let all = Asked { run: Reach::Everything, ..Asked::default() };
    let all = Layer::of(&all, place.path());
    let everything = Grants::of(vec![all.clone()], place.path());
    assert_eq!(run(&everything, &Order { command: "in/say", ..ORDER }).unwrap().1, "from in\n");
    assert_eq!(run(&everything, &Order { command: "no-such-command", ..ORDER }), Err("NotFound".to_owned()));
    let narrowed = Asked { run: these(&["sh"]), ..Asked::default() };
    let both = Grants::of(vec![all, Layer::of(&narrowed, place.path())], place.path());
    assert_eq!(run(&both, &ORDER).unwrap().0, 0);
    assert_eq!(run(&both, &Order { command: "env", ..ORDER }), Err("denied run env".to_owned()));
}

#[test]
fn codes_outputs_and_inputs_are_told() {
    assert_eq!(shell("echo one; echo two >&2; exit 3"), (3, "one\n".to_owned(), "two\n".to_owned()));
    assert_eq!(shell("kill -9 $$").0, 128 + 9);
    let large = shell("head -c 3000000 /dev/zero | tr '\\0' x");
    assert_eq!((large.0, large.1.len()), (0, 3_000_000));
    let place = place();
    let input = "line\n".repeat(100_000);
    let order = Order { command: "wc", arguments: &["-l"], input: &input, folder: None };
    assert_eq!(run(&granted(place.path(), &["wc"]), &order).unwrap().1.trim(), "100000");
    // What does not read its input is not waited for.
    let order = Order { command: "true", input: &input, ..ORDER };
    assert_eq!(run(&granted(place.path(), &["true"]), &order).unwrap().0, 0);
}

#[test]
fn no_shell_reads_arguments_and_the_environment_is_clean() {
    let place = place();
    let grants = granted(place.path(), &["printf", "env"]);
    let odd = "a b; $(exit) `exit` * > x '\"\n";
    let order = Order { command: "printf", arguments: &["%s", odd], ..ORDER };
    assert_eq!(run(&grants, &order).unwrap().1, odd);
    let order = Order { command: "printf", arguments: &["a\0b"], ..ORDER };
    assert_eq!(run(&grants, &order), Err("impossible".to_owned()));
    let environment = run(&grants, &Order { command: "env", ..ORDER }).unwrap().1;
    let names: Vec<&str> = environment.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    assert_eq!(names, ["PATH"]);
}

#[test]
fn folders_have_to_be_granted() {
    let place = place();
    symlink("../out", place.path().join("in/across")).unwrap();
    let grants = granted(place.path(), &["pwd"]);
    let folder = |folder| Order { command: "pwd", folder, ..ORDER };
    let here = place.path().canonicalize().unwrap();
    let shown = |path: &Path| (0, format!("{}\n", path.display()), String::new());
    assert_eq!(run(&grants, &folder(None)).unwrap(), shown(&here));
    assert_eq!(run(&grants, &folder(Some("in"))).unwrap(), shown(&here.join("in")));
    for (path, expected) in [("out", "denied read"), ("in/across", "denied read"), ("in/none", "NotFound")] {
        let failure = run(&grants, &folder(Some(path))).unwrap_err();
        assert!(failure.starts_with(expected), "{path}: {failure}");
    }
}

/// Whether a process is there, as the file tells which it has written its number to.
fn is_running(file: &Path) -> bool {
    let number = fs::read_to_string(file).unwrap();
    let state = fs::read_to_string(format!("/proc/{}/stat", number.trim())).unwrap_or_default();
    // What has ended and was not asked for yet is no more.
    !state.is_empty() && !state.contains(") Z ")
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_running() {
    let place = place();
    let grants = granted(place.path(), &["sh"]);
    let eventually = |file: &str| {
        let begun = Instant::now();
        while is_running(&place.path().join(file)) {
            assert!(begun.elapsed() < Duration::from_secs(5), "{file} goes on");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let script = "sleep 60 & echo $! > child; echo $$ > own; wait";
    let mut process = grants.start(&Order { arguments: &["-c", script], ..ORDER }).unwrap();
    while !place.path().join("own").exists() {
        assert!(!process.advance(Duration::from_millis(5)).unwrap());
    }
    drop(process);
    eventually("child");
    eventually("own");
    // One that has ended does not wait for what holds its output, and takes it along.
    let begun = Instant::now();
    let order = Order { arguments: &["-c", "sleep 60 & echo $! > child; echo done"], ..ORDER };
    assert_eq!(run(&grants, &order).unwrap().1, "done\n");
    assert!(begun.elapsed() < Duration::from_secs(5));
    eventually("child");
}
