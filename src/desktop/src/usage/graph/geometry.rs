//! Where the lines of a graph go.

/// A place in a graph, from its upper left corner.
pub type Place = (f32, f32);

/// The unbroken parts of a line of `series`, whose places are from 0 to 1, in a graph of this size
/// with `top` at its upper edge.
pub fn lines(series: &[(f64, Option<f64>)], top: f64, width: f32, height: f32) -> Vec<Vec<Place>> {
    let mut lines: Vec<Vec<Place>> = vec![Vec::new()];
    for &(place, value) in series {
        match value {
            Some(value) => {
                let place = (place as f32 * width, level(value, top, height));
                if let Some(line) = lines.last_mut() {
                    line.push(place);
                }
            }
            None => lines.push(Vec::new()),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The height of `value` in a graph with `top` at its upper edge.
pub fn level(value: f64, top: f64, height: f32) -> f32 {
    let share = if top > 0.0 {
        (value / top).clamp(0.0, 1.0)
    } else {
        0.0
    };
    height * (1.0 - share as f32)
}

/// The upper edge of a graph that shows values up to `seen`: round in steps of `base`, and above
/// the limit where there is one.
pub fn top(seen: f64, limit: Option<f64>, least: f64, base: f64) -> f64 {
    if let Some(limit) = limit {
        return seen.max(limit) * 1.1;
    }
    let mut edge = least.max(f64::MIN_POSITIVE);
    while edge < seen {
        edge *= base;
    }
    edge
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_where_nothing_is_known() {
        let series = [
            (0.0, Some(0.0)),
            (0.25, Some(2.0)),
            (0.5, None),
            (0.5, None),
            (1.0, Some(9.0)),
        ];
        let drawn = lines(&series, 4.0, 200.0, 100.0);
        assert_eq!(
            drawn,
            vec![vec![(0.0, 100.0), (50.0, 50.0)], vec![(200.0, 0.0)]]
        );
        assert_eq!(lines(&[], 4.0, 200.0, 100.0), Vec::<Vec<Place>>::new());
    }

    #[test]
    fn the_limit_is_in_the_picture() {
        assert!(top(0.1, Some(2.0), 1.0, 2.0) > 2.0);
        assert_eq!(top(5.0, None, 1.0, 2.0) as u64, 8);
        assert_eq!(top(0.0, None, 16.0, 2.0) as u64, 16);
        assert_eq!(level(3.0, 0.0, 10.0) as u64, 10);
    }
}
