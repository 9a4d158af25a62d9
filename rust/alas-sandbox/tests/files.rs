//! What can be reached of the file system, by every way there is.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;

use alas_sandbox::{Access, Asked, EntryKind, Failure, Grants, Layer, Reach};
use tempfile::TempDir;

/// A folder with `in/file` and `in/folder/file`, which hold `inside`, and `out/file`, which holds `outside`.
fn place() -> TempDir {
    let place = TempDir::new().unwrap();
    let at = |path: &str| place.path().join(path);
    fs::create_dir_all(at("in/folder")).unwrap();
    fs::create_dir_all(at("out")).unwrap();
    for (path, text) in [("in/file", "inside"), ("in/folder/file", "inside"), ("out/file", "outside")] {
        fs::write(at(path), text).unwrap();
    }
    place
}

fn these(paths: &[&str]) -> Reach {
    Reach::These(paths.iter().map(|&path| path.to_owned()).collect())
}

fn layer(place: &Path, read: &[&str], write: &[&str]) -> std::sync::Arc<Layer> {
    Layer::of(&Asked { read: these(read), write: these(write), ..Asked::default() }, place)
}

fn grants(place: &TempDir, read: &[&str], write: &[&str]) -> Grants {
    Grants::of(vec![layer(place.path(), read, write)], place.path())
}

/// What a failure is, and what the system says of it.
fn word(failure: &Failure) -> String {
    match failure {
        Failure::Denied(denial) => format!("denied {}", denial.access.as_str()),
        Failure::Impossible(_) => "impossible".to_owned(),
        Failure::System(error) => format!("{:?}", error.kind()),
    }
}

fn read(grants: &Grants, path: &str) -> String {
    let outcome = grants.read(path).and_then(|mut file| {
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(text)
    });
    outcome.unwrap_or_else(|failure| word(&failure))
}

fn done<T>(outcome: Result<T, Failure>) -> String {
    outcome.map_or_else(|failure| word(&failure), |_| "done".to_owned())
}

#[test]
fn paths_reach_what_was_granted() {
    let place = place();
    let inside = place.path().join("in/file").display().to_string();
    let outside = place.path().join("out/file").display().to_string();
    for (granted, path, expected) in [
        ("in", "in/file", "inside"),
        ("in", "in/folder/../file", "inside"),
        ("in", "./in//./file", "inside"),
        ("in", &inside, "inside"),
        ("in/", "in/file", "inside"),
        ("in/file", "in/file", "inside"),
        ("in/folder", "in/folder/file", "inside"),
        (".", "out/file", "outside"),
        ("in", "in/nothing", "NotFound"),
        ("in", "in/file/below", "NotADirectory"),
        ("in", "in/folder", "IsADirectory"),
        ("in", "in", "IsADirectory"),
        ("nothing", "nothing/file", "NotFound"),
        ("no/such/folder", "no/such/folder/file", "NotFound"),
        ("in", "out/file", "denied read"),
        ("in", "in/../out/file", "denied read"),
        ("in", "../in/file", "denied read"),
        ("in", &outside, "denied read"),
        ("in/file", "in/folder/file", "denied read"),
        ("in/fold", "in/folder/file", "denied read"),
        ("in", "", "impossible"),
        ("in", "in/fi\0le", "impossible"),
    ] {
        assert_eq!(read(&grants(&place, &[granted], &[]), path), expected, "{granted} {path:?}");
    }
}

#[test]
fn links_do_not_lead_out() {
    let place = place();
    let at = |path: &str| place.path().join(path);
    symlink("../out/file", at("in/up")).unwrap();
    symlink(at("out/file"), at("in/far")).unwrap();
    symlink("../out", at("in/across")).unwrap();
    symlink("folder/file", at("in/down")).unwrap();
    symlink("around", at("in/around")).unwrap();
    symlink("in", at("granted")).unwrap();
    let grants = grants(&place, &["in", "granted"], &["in"]);
    for (path, expected) in [
        ("in/up", "denied read"),
        ("in/far", "denied read"),
        ("in/across/file", "denied read"),
        ("in/down", "inside"),
        ("in/around", "FilesystemLoop"),
        // What the host grants by a link is what the link leads to.
        ("granted/file", "inside"),
        ("granted/up", "denied read"),
    ] {
        assert_eq!(read(&grants, path), expected, "{path}");
    }
    assert_eq!(done(grants.write("in/up")), "denied write");
    assert_eq!(done(grants.append("in/far")), "denied write");
    assert_eq!(done(grants.make_folder("in/across/new")), "denied write");
    assert_eq!(done(grants.names("in/across")), "denied read");
    assert_eq!(done(grants.entry("in/up")), "denied read");
    assert_eq!(fs::read_to_string(at("out/file")).unwrap(), "outside");
    // A link itself can be removed; where it leads nothing changes.
    assert_eq!(done(grants.remove("in/up")), "done");
    assert_eq!(fs::read_to_string(at("out/file")).unwrap(), "outside");
}

#[test]
fn what_was_granted_is_not_exchanged_for_a_link() {
    let place = place();
    let at = |path: &str| place.path().join(path);
    let both = grants(&place, &["in", "in/file"], &["in/file"]);
    let file_alone = grants(&place, &["in/file"], &[]);
    fs::remove_file(at("in/file")).unwrap();
    symlink("../out/file", at("in/file")).unwrap();
    assert_eq!(read(&both, "in/file"), "denied read");
    assert_eq!(read(&file_alone, "in/file"), "denied read");
    assert_eq!(done(both.write("in/file")), "denied write");
    fs::rename(at("in"), at("moved")).unwrap();
    symlink("out", at("in")).unwrap();
    assert_eq!(read(&both, "in/folder/file"), "denied read");
    assert_eq!(fs::read_to_string(at("out/file")).unwrap(), "outside");
}

#[test]
fn every_layer_has_to_grant() {
    let place = place();
    fs::write(place.path().join("in/folder/other"), "other").unwrap();
    let both = |one: &[&str], other: &[&str]| {
        let layers = vec![layer(place.path(), one, &[]), layer(place.path(), other, &[])];
        Grants::of(layers, place.path())
    };
    for (one, other, path, expected) in [
        (&["in"][..], &["in/folder"][..], "in/folder/file", "inside"),
        (&["in/folder"], &["in"], "in/folder/file", "inside"),
        (&["in"], &["in/folder"], "in/file", "denied read"),
        (&["in"], &["out"], "in/file", "denied read"),
        (&["in"], &[], "in/file", "denied read"),
    ] {
        assert_eq!(read(&both(one, other), path), expected, "{one:?} {other:?} {path}");
    }
    // A link leads out of the narrower of two, though not out of the wider.
    symlink("../file", place.path().join("in/folder/up")).unwrap();
    assert_eq!(read(&both(&["in"], &["in/folder"]), "in/folder/up"), "denied read");
    let all = Layer::of(&Asked { read: Reach::Everything, ..Asked::default() }, place.path());
    let narrowed = Grants::of(vec![all, layer(place.path(), &["in"], &[])], place.path());
    assert_eq!(read(&narrowed, "in/file"), "inside");
    assert_eq!(read(&narrowed, "out/file"), "denied read");
}

#[test]
fn rights_to_read_and_to_write_are_two() {
    let place = place();
    let readable = grants(&place, &["in"], &[]);
    let writable = grants(&place, &[], &["in"]);
    for (outcome, expected) in [
        (done(readable.write("in/file")), "denied write"),
        (done(readable.append("in/file")), "denied write"),
        (done(readable.make_folder("in/new")), "denied write"),
        (done(readable.remove("in/file")), "denied write"),
        (done(readable.rename("in/file", "in/other")), "denied write"),
        (done(writable.read("in/file")), "denied read"),
        (done(writable.names("in")), "denied read"),
        (done(writable.entry("in/file")), "denied read"),
        (done(writable.rename("in/file", "in/other")), "denied read"),
        (done(writable.append("in/file")), "done"),
    ] {
        assert_eq!(outcome, expected);
    }
}

#[test]
fn only_regular_files_are_opened() {
    let place = place();
    let pipe = place.path().join("in/pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(place.path().join("in/socket")).unwrap();
    let grants = grants(&place, &["in", "/dev"], &["in", "/dev"]);
    for path in ["in/pipe", "in/socket", "/dev/null", "/dev/zero"] {
        assert_eq!(read(&grants, path), "InvalidInput", "{path}");
        assert_eq!(done(grants.write(path)), "InvalidInput", "{path}");
    }
    assert_eq!(grants.entry("in/pipe").unwrap().kind, EntryKind::Special);
}

#[cfg(target_os = "linux")]
#[test]
fn processes_are_no_files_unless_they_are_named() {
    let place = place();
    let all =
        |read| Grants::of(vec![Layer::of(&Asked { read, ..Asked::default() }, place.path())], place.path());
    for path in ["/proc/self/environ", "/proc/self/mem", "/proc/version"] {
        assert_eq!(read(&all(Reach::Everything), path), "denied read", "{path}");
        assert_eq!(read(&all(these(&["/"])), path), "denied read", "{path}");
    }
    assert!(read(&all(these(&["/proc/version"])), "/proc/version").starts_with("Linux"));
    // What a descriptor of the host refers to is not below anything.
    let open = File::open(place.path().join("out/file")).unwrap();
    let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&open));
    assert_eq!(read(&all(these(&["/proc"])), &path), "FilesystemLoop");
}

#[test]
fn files_are_written_and_folders_made() {
    let place = place();
    let at = |path: &str| place.path().join(path);
    let grants = grants(&place, &["in", "new"], &["in", "new"]);
    let written = |file: Result<File, Failure>, text: &str| file.unwrap().write_all(text.as_bytes()).unwrap();
    written(grants.write("in/file"), "new");
    written(grants.append("in/file"), " end");
    assert_eq!(fs::read_to_string(at("in/file")).unwrap(), "new end");
    assert_eq!(done(grants.write("new/file")), "NotFound");
    assert_eq!(done(grants.make_folder("new/a/b")), "done");
    assert_eq!(done(grants.make_folder("new/a/b")), "done");
    assert_eq!(done(grants.make_folder("in/file")), "AlreadyExists");
    assert_eq!(done(grants.rename("in/file", "new/a/file")), "done");
    let mut names: Vec<_> = grants.names("new/a").unwrap().map(|name| name.unwrap()).collect();
    names.sort();
    assert_eq!(names, ["b", "file"]);
    let entry = grants.entry("new/a/file").unwrap();
    assert_eq!((entry.kind, entry.size), (EntryKind::File, 7));
    assert!(entry.modified.unwrap().elapsed().unwrap().as_secs() < 60);
    assert_eq!(done(grants.remove("new/a")), "DirectoryNotEmpty");
    assert_eq!(done(grants.remove("new/a/file")), "done");
    assert_eq!(done(grants.remove("new/a/b")), "done");
    assert_eq!(done(grants.remove("new/a/b")), "NotFound");
    assert_eq!(done(grants.rename("in/folder", "out/folder")), "denied write");
}

#[test]
fn everything_is_everything() {
    let place = place();
    symlink("../out/file", place.path().join("in/up")).unwrap();
    let all = Asked { read: Reach::Everything, write: Reach::Everything, ..Asked::default() };
    let grants = Grants::of(vec![Layer::of(&all, place.path())], place.path());
    assert_eq!(read(&grants, "in/up"), "outside");
    assert_eq!(read(&grants, "/no/such/file"), "NotFound");
    assert_eq!(done(grants.make_folder("some/where")), "done");
    assert_eq!(done(grants.write("some/where/file")), "done");
    assert_eq!(done(grants.remove("in/up")), "done");
    assert_eq!(grants.entry("/").unwrap().kind, EntryKind::Folder);
    assert!(grants.names("/").unwrap().count() > 1);
    assert_eq!(read(&Grants::default(), "in/file"), "denied read");
}

#[test]
fn denials_say_what_was_tried() {
    let place = place();
    let failure = grants(&place, &["in"], &[]).read("out/../out/file").unwrap_err();
    let Failure::Denied(denial) = failure else { panic!("{failure}") };
    assert_eq!(denial.access, Access::Read);
    assert_eq!(Path::new(&denial.target), place.path().join("out/file"));
    assert_eq!(denial.to_string(), format!("read {:?}", denial.target));
    let error = io::Error::from(io::ErrorKind::NotFound);
    assert_eq!(Failure::System(error).to_string(), "entity not found");
}
