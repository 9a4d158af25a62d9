//! Moving the elements of a large array, in pieces. `look` is called between pieces; when it fails, the array holds its elements in
//! some order, and whoever called drops it.

use super::Elements;
use crate::Value;

/// About the bytes that are moved between two looks.
const PIECE: usize = 1 << 20;

impl Elements {
    /// As [`insert`](Self::insert).
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn insert_in_pieces<E>(
        &mut self,
        index: usize,
        value: Value,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        self.push(value);
        each_form!(self, items => raise(&mut items[index..], look))
    }

    /// As [`remove`](Self::remove).
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn remove_in_pieces<E>(
        &mut self,
        index: usize,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        each_form!(self, items => sink(&mut items[index..], look))?;
        self.pop();
        Ok(())
    }

    /// As [`reverse`](Self::reverse).
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn reverse_in_pieces<E>(&mut self, look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
        each_form!(self, items => turn(items, look))
    }
}

/// How many items make a piece.
const fn length<T>() -> usize {
    PIECE / size_of::<T>()
}

/// Moves the last item before all others.
fn raise<T, E>(items: &mut [T], look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
    let mut end = items.len();
    while end > 1 {
        look()?;
        let start = (end - 1).saturating_sub(length::<T>());
        items[start..end].rotate_right(1);
        end = start + 1;
    }
    Ok(())
}

/// Moves the first item behind all others.
fn sink<T, E>(items: &mut [T], look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
    let mut start = 0;
    while start + 1 < items.len() {
        look()?;
        let end = items.len().min(start + 1 + length::<T>());
        items[start..end].rotate_left(1);
        start = end - 1;
    }
    Ok(())
}

/// Reverses the order.
fn turn<T, E>(items: &mut [T], look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
    let (left, right) = items.split_at_mut(items.len() / 2);
    // An item in the middle stays where it is.
    let start = right.len() - left.len();
    let length = length::<T>() / 2;
    let pieces = left.chunks_mut(length).zip(right[start..].rchunks_mut(length));
    for (left, right) in pieces {
        look()?;
        left.swap_with_slice(right);
        left.reverse();
        right.reverse();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::{Array, equal};

    /// Ints, bools and other values, so many that they are moved in pieces, and one with an odd number of them.
    fn samples() -> Vec<Elements> {
        let count = i64::try_from(length::<i64>() * 2 + 3).unwrap_or_default();
        vec![
            Elements::Int((0..count).collect()),
            Elements::Int((0..=count).collect()),
            Elements::Bool((0..count * 8).map(|number| number % 3 == 0).collect()),
            Elements::Any((0..count).map(|number| Value::text(&number.to_string())).collect()),
            Elements::Any(vec![Value::Void]),
            Elements::Any(Vec::new()),
        ]
    }

    fn same(left: &Elements, right: &Elements) -> bool {
        equal(&Value::Array(Array::new(left.clone())), &Value::Array(Array::new(right.clone())))
    }

    #[test]
    fn pieces_make_a_whole() {
        let mut look = || Ok::<_, Infallible>(());
        for sample in samples() {
            let mut turned = sample.clone();
            let Ok(()) = turned.reverse_in_pieces(&mut look);
            let mut expected = sample.clone();
            expected.reverse();
            assert!(same(&turned, &expected));
            for index in [0, 1, sample.len() / 2, sample.len().saturating_sub(1)] {
                let Some(value) = sample.get(index) else { continue };
                let (mut changed, mut expected) = (sample.clone(), sample.clone());
                let Ok(()) = changed.insert_in_pieces(index, value.clone(), &mut look);
                expected.insert(index, value);
                assert!(same(&changed, &expected), "{index}");
                let Ok(()) = changed.remove_in_pieces(index, &mut look);
                assert!(same(&changed, &sample), "{index}");
            }
        }
    }
}
