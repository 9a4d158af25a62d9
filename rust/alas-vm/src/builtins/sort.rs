//! Stable sorting that can be interrupted.
//!
//! The library's sort cannot be left halfway, so it sorts runs that take about a millisecond each; between them, and
//! while merging them, the program can be stopped. Most arrays are one run.

use std::cmp::Ordering;

use alas_value::Value;

use crate::{Context, Fault, size};

/// How many units a run has at most, and how many pass between two looks at the interrupt.
const RUN: usize = 1 << 16;

/// Sorts by an order. The cost of an item tells how many units comparing it may take.
pub fn by<T: Default>(
    context: &mut Context<'_>,
    mut items: Vec<T>,
    cost: impl Fn(&T) -> usize,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Result<Vec<T>, Fault> {
    let mut ends = Vec::new();
    let mut start = 0;
    while start < items.len() {
        context.poll()?;
        let mut end = start;
        let mut total = 0;
        while end < items.len() && (end == start || total < RUN) {
            total += cost(&items[end]);
            end += 1;
        }
        items[start..end].sort_by(&compare);
        ends.push(end);
        start = end;
    }
    let mut spare = if ends.len() > 1 { size::vector(items.len())? } else { Vec::new() };
    while ends.len() > 1 {
        let mut merged_ends = Vec::with_capacity(ends.len().div_ceil(2));
        let mut start = 0;
        for pair in ends.chunks(2) {
            let end = pair[pair.len() - 1];
            merge(context, &mut items[start..end], pair[0] - start, &mut spare, (&cost, &compare))?;
            merged_ends.push(end);
            start = end;
        }
        std::mem::swap(&mut items, &mut spare);
        spare.clear();
        ends = merged_ends;
    }
    Ok(items)
}

/// Moves two neighbouring sorted runs, the second from `middle` on, into one sorted run behind `out`.
fn merge<T: Default>(
    context: &mut Context<'_>,
    runs: &mut [T],
    middle: usize,
    out: &mut Vec<T>,
    (cost, compare): (&impl Fn(&T) -> usize, &impl Fn(&T, &T) -> Ordering),
) -> Result<(), Fault> {
    let (left, right) = runs.split_at_mut(middle);
    let (mut at_left, mut at_right, mut work) = (0, 0, 0);
    while at_left < left.len() && at_right < right.len() {
        work += cost(&left[at_left]);
        if work >= RUN {
            work = 0;
            context.poll()?;
        }
        // On a tie the left one goes first: equal items keep their order.
        if compare(&right[at_right], &left[at_left]) == Ordering::Less {
            out.push(std::mem::take(&mut right[at_right]));
            at_right += 1;
        } else {
            out.push(std::mem::take(&mut left[at_left]));
            at_left += 1;
        }
    }
    out.extend(left[at_left..].iter_mut().map(std::mem::take));
    out.extend(right[at_right..].iter_mut().map(std::mem::take));
    Ok(())
}

/// A text and its first distinguishing bytes as a number, by which most comparisons are decided without reading the
/// text.
#[derive(Default)]
struct Prefixed {
    prefix: u64,
    value: Value,
}

impl Prefixed {
    /// The text without the bytes that all texts share begins at `shared`.
    fn new(value: Value, shared: usize) -> Self {
        let bytes = &text_of(&value).as_bytes()[shared..];
        let prefix = match bytes.first_chunk::<8>() {
            Some(whole) => u64::from_be_bytes(*whole),
            None => (0..8)
                .fold(0, |prefix, place| (prefix << 8) | u64::from(bytes.get(place).copied().unwrap_or(0))),
        };
        Self { prefix, value }
    }
}

/// Sorts values that are all texts by code point.
pub fn texts(context: &mut Context<'_>, values: Vec<Value>) -> Result<Vec<Value>, Fault> {
    let shared = shared_prefix(&values);
    let mut items = size::vector(values.len())?;
    items.extend(values.into_iter().map(|value| Prefixed::new(value, shared)));
    let sorted = by(context, items, cost_of_text, |left, right| {
        // Equal prefixes decide nothing: shorter texts are filled up with zeros, which texts may hold as well.
        left.prefix.cmp(&right.prefix).then_with(|| compare_texts(&left.value, &right.value))
    })?;
    Ok(sorted.into_iter().map(|item| item.value).collect())
}

/// How many bytes all texts begin with; names and paths often share many.
fn shared_prefix(values: &[Value]) -> usize {
    let Some(first) = values.first().map(|first| text_of(first).as_bytes()) else { return 0 };
    values.iter().fold(first.len().min(LONGEST_PREFIX), |shared, value| {
        let same = first[..shared].iter().zip(text_of(value).as_bytes());
        same.take_while(|(left, right)| left == right).count()
    })
}

/// Longer shared prefixes are not looked for: finding them should cost little.
const LONGEST_PREFIX: usize = 64;

/// Comparing takes long only where texts are long.
fn cost_of_text(item: &Prefixed) -> usize {
    1 + text_of(&item.value).len() / 256
}

fn compare_texts(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) if left.is_same(right) => Ordering::Equal,
        _ => text_of(left).cmp(text_of(right)),
    }
}

fn text_of(value: &Value) -> &str {
    match value {
        Value::Text(text) => text.as_str(),
        _ => "",
    }
}
