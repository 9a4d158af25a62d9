//! The order in which modules depend on each other.

/// The most circles that are kept: there can be as many as dependencies, each as long as there are nodes.
const MOST_CIRCLES: usize = 100;

/// What a walk over the dependencies found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Every node behind all that it depends on, apart from what closes a circle.
    pub(crate) sorted: Vec<usize>,
    /// Nodes that depend on each other in a circle: each on the next, the last on the first.
    pub(crate) circles: Vec<Vec<usize>>,
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
    let mut order = Order { sorted: Vec::with_capacity(dependencies.len()), circles: Vec::new() };
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
                order.sorted.push(node);
                path.pop();
                continue;
            };
            *next += 1;
            match states[dependency] {
                State::New => {
                    states[dependency] = State::Open;
                    path.push((dependency, 0));
                }
                State::Open if order.circles.len() < MOST_CIRCLES => {
                    let circle = path.iter().map(|(node, _)| *node).skip_while(|node| *node != dependency);
                    order.circles.push(circle.collect());
                }
                State::Open | State::Done => {}
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first_and_circles_are_found() {
        type Lists<'l> = &'l [&'l [usize]];
        let cases: [(Lists<'_>, &[usize], Lists<'_>); 6] = [
            (&[], &[], &[]),
            (&[&[1, 2], &[2], &[]], &[2, 1, 0], &[]),
            (&[&[], &[0], &[0, 1]], &[0, 1, 2], &[]),
            (&[&[0]], &[0], &[&[0]]),
            (&[&[1], &[2], &[1]], &[2, 1, 0], &[&[1, 2]]),
            (&[&[1, 2], &[0], &[0]], &[1, 2, 0], &[&[0, 1], &[0, 2]]),
        ];
        let owned =
            |lists: Lists<'_>| -> Vec<Vec<usize>> { lists.iter().map(|list| list.to_vec()).collect() };
        for (dependencies, sorted, circles) in cases {
            let expected = Order { sorted: sorted.to_vec(), circles: owned(circles) };
            assert_eq!(sort(&owned(dependencies)), expected);
        }
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let dependencies: Vec<Vec<usize>> =
            (0..100_000).map(|node| if node < 99_999 { vec![node + 1] } else { vec![] }).collect();
        assert_eq!(sort(&dependencies).sorted[0], 99_999);
    }

    #[test]
    fn only_so_many_circles_are_kept() {
        let dependencies: Vec<Vec<usize>> = (0..1_000).map(|node| (0..=node + 1).collect()).collect();
        let dependencies: Vec<Vec<usize>> = dependencies
            .into_iter()
            .map(|list| list.into_iter().filter(|node| *node < 1_000).collect())
            .collect();
        let order = sort(&dependencies);
        assert_eq!((order.sorted.len(), order.circles.len()), (1_000, MOST_CIRCLES));
    }
}
