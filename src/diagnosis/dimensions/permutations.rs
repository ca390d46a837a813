//! Every order of a few things.

pub(super) fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let mut orders = vec![Vec::new()];
    for item in items {
        let insert = |order: Vec<T>| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, item.clone());
                order
            })
        };
        orders = orders.into_iter().flat_map(insert).collect();
    }
    orders
}
