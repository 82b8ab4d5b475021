//! How well colours can be told from each other (WCAG 2.2, 1.4.3 and 1.4.11).

/// A colour, each part from 0 to 1.
pub type Colour = [f64; 3];

/// The least contrast of a text and what is behind it.
pub const READABLE: f64 = 4.5;

/// The least contrast of a line or a sign and what is behind it.
pub const VISIBLE: f64 = 3.0;

/// The contrast ratio of two colours.
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What is seen of `front`, which is as opaque as that, before `back`.
pub fn over(front: Colour, opacity: f64, back: Colour) -> Colour {
    std::array::from_fn(|at| front[at] * opacity + back[at] * (1.0 - opacity))
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn linear(colour: Colour) -> Colour {
    colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: &str = include_str!("style.css");
    /// How far a selected row of the list is tinted with its text's colour; under the pointer, too.
    const SELECTED: [f64; 3] = [0.0, 0.10, 0.13];

    /// What libadwaita 1.7 defines: the list's background and text with its opacity, and the
    /// colours of success and error with the bounds of their lightness.
    struct Style {
        background: Colour,
        text: (Colour, f64),
        success: Colour,
        error: Colour,
        bound: fn(f64) -> f64,
    }

    fn styles() -> [Style; 2] {
        [
            Style {
                background: hex(0x00eb_ebed),
                text: (hex(0x0000_0006), 0.8),
                success: hex(0x002e_c27e),
                error: hex(0x00e0_1b24),
                bound: |lightness| lightness.min(0.5),
            },
            Style {
                background: hex(0x002e_2e32),
                text: (hex(0x00ff_ffff), 1.0),
                success: hex(0x0026_a269),
                error: hex(0x00c0_1c28),
                bound: |lightness| lightness.max(0.85),
            },
        ]
    }

    fn hex(colour: u32) -> Colour {
        [16, 8, 0].map(|shift| f64::from((colour >> shift) & 0xff) / 255.0)
    }

    type Matrix = [[f64; 3]; 3];

    // Oklab: from red, green and blue to what the eye's cones tell, from that to lightness and two
    // axes of colour, and back.
    const CONES: Matrix = [
        [0.412_221_47, 0.536_332_54, 0.051_445_99],
        [0.211_903_50, 0.680_699_55, 0.107_396_96],
        [0.088_302_46, 0.281_718_84, 0.629_978_70],
    ];
    const OKLAB: Matrix = [
        [0.210_454_26, 0.793_617_80, -0.004_072_05],
        [1.977_998_50, -2.428_592_20, 0.450_593_71],
        [0.025_904_04, 0.782_771_77, -0.808_675_77],
    ];
    const CONES_OF_OKLAB: Matrix = [
        [1.0, 0.396_337_78, 0.215_803_76],
        [1.0, -0.105_561_35, -0.063_854_17],
        [1.0, -0.089_484_18, -1.291_485_50],
    ];
    const RED_GREEN_BLUE: Matrix = [
        [4.076_741_66, -3.307_711_60, 0.230_969_93],
        [-1.268_438_00, 2.609_757_40, -0.341_319_40],
        [-0.004_196_09, -0.703_418_61, 1.707_614_70],
    ];

    fn times(matrix: Matrix, vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(one, other)| one * other).sum())
    }

    /// The colour with another lightness in Oklab.
    fn with_lightness(colour: Colour, bound: fn(f64) -> f64) -> Colour {
        let mut lab = times(OKLAB, times(CONES, linear(colour)).map(f64::cbrt));
        lab[0] = bound(lab[0]);
        let cones = times(CONES_OF_OKLAB, lab).map(|part| part.powi(3));
        times(RED_GREEN_BLUE, cones).map(|part| {
            let part = part.clamp(0.0, 1.0);
            if part <= 0.003_130_8 {
                part * 12.92
            } else {
                1.055 * part.powf(1.0 / 2.4) - 0.055
            }
        })
    }

    /// How much of the state's own colour the style sheet mixes into the text's.
    fn share(state: &str, colour: &str) -> f64 {
        let start = format!(".pet-state.{state} {{ color: color-mix(in srgb, var(--{colour}) ");
        let rest = STYLE.split_once(&start).expect("the style sheet mixes").1;
        let (share, mixed) = rest.split_once("%, ").expect("a share in percent");
        assert!(mixed.starts_with("var(--sidebar-fg-color)); }"), "{mixed}");
        share.parse::<f64>().expect("a number") / 100.0
    }

    /// The least contrast of a mark in the list, whose colour is `share` of `colour`.
    fn least(style: &Style, colour: Colour, share: f64) -> f64 {
        let colour = with_lightness(colour, style.bound);
        let (text, opacity) = style.text;
        // Colours are mixed with their opacity.
        let whole = share + opacity * (1.0 - share);
        let mixed = over(colour, share / whole, text);
        let ratios = SELECTED.map(|tint| {
            let back = over(text, opacity * tint, style.background);
            contrast(over(mixed, whole, back), back)
        });
        ratios.into_iter().fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn the_mark_of_a_pets_state_can_be_seen_on_every_row() {
        for style in styles() {
            let running = least(&style, style.success, share("running", "success-color"));
            let failed = least(&style, style.error, share("failed", "error-color"));
            assert!(running >= READABLE, "running: {running}");
            assert!(failed >= READABLE, "failed: {failed}");
        }
    }

    #[test]
    fn the_accent_alone_would_be_too_pale() {
        let [light, _] = styles();
        let alone = least(&light, light.success, 1.0);
        assert!((3.3..4.2).contains(&alone), "{alone}");
    }

    #[test]
    fn every_colour_of_the_style_sheet_is_checked() {
        let colours = STYLE.matches("color:").count();
        assert_eq!(colours, 2, "a new colour needs a test of its contrast");
    }

    #[test]
    fn the_contrast_is_that_of_the_standard() {
        assert!((contrast(hex(0x00ff_ffff), hex(0)) - 21.0).abs() < 0.01);
        assert!((contrast(hex(0x00ff_ffff), hex(0x76_76_76)) - 4.54).abs() < 0.01);
    }
}
