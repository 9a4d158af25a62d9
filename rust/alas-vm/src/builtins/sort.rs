//! Stable sorting that can be interrupted.
//!
//! The library's sort cannot be left halfway, so it sorts runs that take about a millisecond each; between them, and
//! while merging them, the program can be stopped. Most arrays are one run.

use std::cmp::Ordering;

use alas_value::Value;

use super::POLL_EVERY;
use super::array::{compare_dynamic, compare_floats};
use crate::{Context, Fault, Host, comparing, size};

/// How many units a run has at most, and how many pass between two looks at the interrupt.
const RUN: usize = 1 << 16;

/// Items that cost more are a run by themselves: only merging compares them, which can be stopped.
const LONG: usize = 1 << 10;

/// What can be sorted.
pub trait Sortable: Default {
    /// How many units comparing the item may take.
    fn cost(&self) -> usize {
        1
    }

    /// The order.
    fn compare(&self, other: &Self) -> Ordering;

    /// The order of items that both take long.
    ///
    /// # Errors
    ///
    /// What the host stops the program with.
    fn compare_long(&self, other: &Self, _: &Host) -> Result<Ordering, Fault> {
        Ok(self.compare(other))
    }
}

impl Sortable for i64 {
    fn compare(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Sortable for f64 {
    fn compare(&self, other: &Self) -> Ordering {
        compare_floats(self, other)
    }
}

/// Numbers only; texts are sorted with their [prefixes](texts).
impl Sortable for Value {
    fn compare(&self, other: &Self) -> Ordering {
        compare_dynamic(self, other)
    }
}

/// Sorts by the order of the items.
pub fn sorted<T: Sortable>(context: &mut Context<'_>, mut items: Vec<T>) -> Result<Vec<T>, Fault> {
    let mut ends = Vec::new();
    let mut start = 0;
    while start < items.len() {
        context.poll()?;
        let mut end = start;
        let mut total = 0;
        while end < items.len() && (end == start || total < RUN) {
            let cost = items[end].cost();
            if cost > LONG && end > start {
                break;
            }
            total += cost;
            end += 1;
            if cost > LONG {
                break;
            }
        }
        items[start..end].sort_by(T::compare);
        ends.push(end);
        start = end;
    }
    let mut spare = if ends.len() > 1 { size::vector(items.len())? } else { Vec::new() };
    while ends.len() > 1 {
        let mut merged_ends = Vec::with_capacity(ends.len().div_ceil(2));
        let mut start = 0;
        for pair in ends.chunks(2) {
            let end = pair[pair.len() - 1];
            merge(context, &mut items[start..end], pair[0] - start, &mut spare)?;
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
fn merge<T: Sortable>(
    context: &mut Context<'_>,
    runs: &mut [T],
    middle: usize,
    out: &mut Vec<T>,
) -> Result<(), Fault> {
    let (left, right) = runs.split_at_mut(middle);
    let (mut at_left, mut at_right, mut work) = (0, 0, 0);
    while at_left < left.len() && at_right < right.len() {
        let cost = left[at_left].cost();
        work += cost;
        if work >= RUN {
            work = 0;
            context.poll()?;
        }
        let (first, second) = (&left[at_left], &right[at_right]);
        let order = if cost > LONG && second.cost() > LONG {
            second.compare_long(first, context.host)?
        } else {
            second.compare(first)
        };
        // On a tie the left one goes first: equal items keep their order.
        if order == Ordering::Less {
            out.push(std::mem::take(&mut right[at_right]));
            at_right += 1;
        } else {
            out.push(std::mem::take(&mut left[at_left]));
            at_left += 1;
        }
    }
    for rest in [&mut left[at_left..], &mut right[at_right..]] {
        for piece in rest.chunks_mut(RUN) {
            context.poll()?;
            out.extend(piece.iter_mut().map(std::mem::take));
        }
    }
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

impl Sortable for Prefixed {
    /// Comparing takes long only where texts are long.
    fn cost(&self) -> usize {
        1 + text_of(&self.value).len() / 64
    }

    fn compare(&self, other: &Self) -> Ordering {
        // Equal prefixes decide nothing: shorter texts are filled up with zeros, which texts may hold as well.
        self.prefix.cmp(&other.prefix).then_with(|| compare_texts(&self.value, &other.value))
    }

    fn compare_long(&self, other: &Self, host: &Host) -> Result<Ordering, Fault> {
        match (&self.value, &other.value) {
            (Value::Text(left), Value::Text(right)) if self.prefix == other.prefix => {
                comparing::order_texts(left, right, host)
            }
            _ => Ok(self.compare(other)),
        }
    }
}

/// Sorts values that are all texts by code point.
pub fn texts(context: &mut Context<'_>, values: Vec<Value>) -> Result<Vec<Value>, Fault> {
    let shared = shared_prefix(context, &values)?;
    let mut items = size::vector(values.len())?;
    for (number, value) in values.into_iter().enumerate() {
        look(context, number)?;
        items.push(Prefixed::new(value, shared));
    }
    let sorted = sorted(context, items)?;
    let values =
        sorted.into_iter().enumerate().map(|(number, item)| look(context, number).map(|()| item.value));
    values.collect()
}

/// Looks whether to go on at some of the items.
#[inline]
fn look(context: &Context<'_>, number: usize) -> Result<(), Fault> {
    if number.is_multiple_of(POLL_EVERY) { context.poll() } else { Ok(()) }
}

/// How many bytes all texts begin with; names and paths often share many.
fn shared_prefix(context: &Context<'_>, values: &[Value]) -> Result<usize, Fault> {
    let Some(first) = values.first().map(|first| text_of(first).as_bytes()) else { return Ok(0) };
    let mut shared = first.len().min(LONGEST_PREFIX);
    for (number, value) in values.iter().enumerate() {
        look(context, number)?;
        let same = first[..shared].iter().zip(text_of(value).as_bytes());
        shared = same.take_while(|(left, right)| left == right).count();
    }
    Ok(shared)
}

/// Longer shared prefixes are not looked for: finding them should cost little.
const LONGEST_PREFIX: usize = 64;

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
