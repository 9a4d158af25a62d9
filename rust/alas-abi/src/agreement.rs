//! Whether a library offers what the manifest says, neither more nor less.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::description::Description;
use crate::error::{LoadError, LoadErrorCode as Code};
use crate::plugin::Signature;

/// The most names of one kind that a message lists.
const LISTED: usize = 8;

/// Compares what a library offers with what the manifest says.
///
/// # Errors
///
/// `disagreement`, with all differences.
pub(crate) fn agree(description: &Description, module: &str, stated: &[Signature]) -> Result<(), LoadError> {
    let mut differences: Vec<String> = Vec::new();
    if description.module != module {
        differences.push(format!(
            "the library is the module {}, the manifest says `{module}`",
            quoted(&description.module)
        ));
    }
    let mut offered: HashMap<&str, usize> = HashMap::new();
    let mut twice: Vec<&str> = Vec::new();
    for row in &description.functions {
        if offered.insert(&row.name, row.parameter_count).is_some() {
            twice.push(&row.name);
        }
    }
    let wanted: HashSet<&str> = stated.iter().map(|signature| &*signature.name).collect();
    let missing: Vec<&str> =
        stated.iter().map(|signature| &*signature.name).filter(|name| !offered.contains_key(name)).collect();
    let surplus: Vec<&str> =
        description.functions.iter().map(|row| &*row.name).filter(|name| !wanted.contains(name)).collect();
    differences.extend(listed("the library lists twice", &twice));
    differences.extend(listed("the library lacks", &missing));
    differences.extend(listed("the manifest lacks", &surplus));
    for signature in stated {
        let (stated, found) = (signature.parameters.len(), offered.get(&*signature.name));
        if let Some(found) = found.filter(|found| **found != stated) {
            differences.push(format!(
                "{} takes {} in the manifest, and {} in the library",
                quoted(&signature.name),
                parameters(stated),
                parameters(*found)
            ));
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    let message =
        format!("the library and the manifest disagree: {}; make them the same", differences.join("; "));
    Err(LoadError::new(Code::Disagreement, message))
}

fn listed(what: &str, names: &[&str]) -> Option<String> {
    let mut text = format!("{what} ");
    for (number, name) in names.iter().take(LISTED).enumerate() {
        text += if number > 0 { ", " } else { "" };
        text += &quoted(name);
    }
    if names.len() > LISTED {
        // Writing to a string cannot fail.
        let _ = write!(text, " and {} more", names.len() - LISTED);
    }
    (!names.is_empty()).then_some(text)
}

/// A name that the library chose, safe to print.
fn quoted(name: &str) -> String {
    format!("`{}`", name.escape_debug())
}

fn parameters(count: usize) -> String {
    if count == 1 { "1 parameter".to_owned() } else { format!("{count} parameters") }
}
