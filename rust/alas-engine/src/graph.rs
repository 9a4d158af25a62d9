//! The order in which modules depend on each other.

/// What a walk over the dependencies found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Every node behind all that it depends on.
    Sorted(Vec<usize>),
    /// Nodes that depend on each other in a circle: each on the next, the last on the first.
    Cycle(Vec<usize>),
}

/// Sorts nodes so that each comes after those that it depends on, by depth-first search with a list instead of
/// recursion (Cormen, Leiserson, Rivest, Stein, *Introduction to Algorithms*, section 22.4).
pub(crate) fn sort(dependencies: &[Vec<usize>]) -> Order {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; dependencies.len()];
    let mut sorted = Vec::with_capacity(dependencies.len());
    for root in 0..dependencies.len() {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(dependency) = dependencies[node].get(*next).copied() else {
                states[node] = State::Done;
                sorted.push(node);
                path.pop();
                continue;
            };
            *next += 1;
            match states[dependency] {
                State::Done => {}
                State::New => {
                    states[dependency] = State::Open;
                    path.push((dependency, 0));
                }
                State::Open => {
                    let circle = path.iter().map(|(node, _)| *node).skip_while(|node| *node != dependency);
                    return Order::Cycle(circle.collect());
                }
            }
        }
    }
    Order::Sorted(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first_and_circles_are_found() {
        let cases: [(&[&[usize]], Order); 5] = [
            (&[], Order::Sorted(vec![])),
            (&[&[1, 2], &[2], &[]], Order::Sorted(vec![2, 1, 0])),
            (&[&[], &[0], &[0, 1]], Order::Sorted(vec![0, 1, 2])),
            (&[&[0]], Order::Cycle(vec![0])),
            (&[&[1], &[2], &[1]], Order::Cycle(vec![1, 2])),
        ];
        for (dependencies, expected) in cases {
            let dependencies: Vec<Vec<usize>> = dependencies.iter().map(|list| list.to_vec()).collect();
            assert_eq!(sort(&dependencies), expected);
        }
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let dependencies: Vec<Vec<usize>> =
            (0..100_000).map(|node| if node < 99_999 { vec![node + 1] } else { vec![] }).collect();
        assert!(matches!(sort(&dependencies), Order::Sorted(sorted) if sorted[0] == 99_999));
    }
}
