//! Prints what is wrong with a module: `cargo run --example explain FILE`.

use alas_syntax::{Source, parse};

fn main() -> std::io::Result<()> {
    for file in std::env::args().skip(1) {
        let text = std::fs::read(&file)?;
        match parse(&Source { file: Some(file), text }) {
            Ok(syntax) => {
                println!("{} functions", syntax.module.functions.len());
                for diagnostic in syntax.diagnostics() {
                    println!("{diagnostic}\n  at: {}", diagnostic.location.pointer);
                }
            }
            Err(diagnostics) => {
                for diagnostic in &diagnostics.0 {
                    println!("{diagnostic}\n  at: {}", diagnostic.location.pointer);
                }
            }
        }
    }
    Ok(())
}
