//! Runs `main` of a module from a file, or shows its intermediate representation.
//!
//! ```text
//! cargo run -p alas-engine --example run -- FILE
//! cargo run -p alas-engine --example run -- --show FILE
//! ```

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use alas_engine::{Console, Engine, Found, Host, Limits, Source, pipeline};

/// The console of the process.
struct Terminal;

impl Console for Terminal {
    fn write(&mut self, text: &str) -> io::Result<()> {
        io::stdout().write_all(text.as_bytes())
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        io::stdin().lock().lines().next().transpose()
    }

    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(Self)
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().unwrap_or_default();
    let outcome = if first == "--show" { show(&arguments.next().unwrap_or_default()) } else { run(&first) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn read(file: &str) -> Result<Source, String> {
    let text = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    Ok(Source { file: Some(file.to_owned()), text })
}

fn show(file: &str) -> Result<(), String> {
    let syntax = pipeline::parse(&read(file)?).map_err(|findings| findings.to_string())?;
    let imports = pipeline::Interfaces::new();
    let declared = pipeline::declare(&syntax, &imports);
    let permissions = pipeline::Permissions::default();
    let typed = pipeline::check(&syntax, declared, &imports, &permissions)
        .map_err(|findings| findings.to_string())?;
    for function in &pipeline::lower(&typed).functions {
        println!("{function}");
    }
    Ok(())
}

fn run(file: &str) -> Result<(), String> {
    let engine = Engine::new();
    let found = Found::from(read(file)?);
    let loaded = engine.load(found, |_, _| Ok::<_, String>(None)).map_err(|error| format!("{error:?}"))?;
    let main =
        engine.function(&format!("{}.main", loaded.interface().name)).map_err(|error| error.to_string())?;
    let mut host = Host::new(Box::new(Terminal));
    let result = main.call(&mut [], &mut host, Limits::default()).map_err(|error| error.to_string())?;
    let mut text = String::new();
    alas_engine::value::write_text(&result, &mut text);
    println!("{text}");
    Ok(())
}
