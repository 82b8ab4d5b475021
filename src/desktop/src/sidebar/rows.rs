//! Which rows stay where they are when the list becomes another one.

/// Whether each row of `now` stays: as many as can without changing their order, so that only those
/// are made anew that went elsewhere. The keyboard and the screen reader stay at a row that stays.
pub fn staying<T: PartialEq>(now: &[T], wanted: &[T]) -> Vec<bool> {
    let place = |row: &T| wanted.iter().position(|other| other == row);
    let places: Vec<Option<usize>> = now.iter().map(place).collect();
    // For each length the rising sequence that ends lowest, as the index of its last row; and for
    // each row the one before it in its sequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; now.len()];
    for (row, place) in places.iter().enumerate() {
        if place.is_some() {
            let length = ends.partition_point(|&end| places[end] < *place);
            before[row] = length.checked_sub(1).map(|shorter| ends[shorter]);
            if length < ends.len() {
                ends[length] = row;
            } else {
                ends.push(row);
            }
        }
    }
    let mut stays = vec![false; now.len()];
    let mut last = ends.last().copied();
    while let Some(row) = last {
        stays[row] = true;
        last = before[row];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(now: &str, wanted: &str) -> String {
        let (now, wanted): (Vec<char>, Vec<char>) =
            (now.chars().collect(), wanted.chars().collect());
        let rows = now.iter().zip(staying(&now, &wanted));
        rows.filter_map(|(row, stays)| stays.then_some(row))
            .collect()
    }

    #[test]
    fn a_row_that_goes_elsewhere_moves_alone() {
        assert_eq!(kept("abcd", "bcda"), "bcd");
        assert_eq!(kept("abcd", "dabc"), "abc");
        assert_eq!(kept("abcd", "abcd"), "abcd");
    }

    #[test]
    fn rows_that_come_and_go_leave_the_others_alone() {
        assert_eq!(kept("abcd", "xbyd"), "bd");
        assert_eq!(kept("abcd", ""), "");
        assert_eq!(kept("", "ab"), "");
    }

    #[test]
    fn of_a_reversed_list_one_row_can_stay() {
        assert_eq!(kept("abcd", "dcba").len(), 1);
    }
}
