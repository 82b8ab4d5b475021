//! A graph of the last minutes, drawn in the accent colour; a screen reader gets its words.

mod colors;
mod geometry;

use relm4::adw::prelude::*;
use relm4::gtk;
use relm4::gtk::subclass::prelude::*;
use relm4::gtk::{gdk, glib, graphene, gsk};

use colors::Colors;
pub use geometry::top;

/// A line in a graph.
#[derive(Debug, Clone)]
pub struct Curve {
    /// From 0, the left edge, to 1.
    pub series: Vec<(f64, Option<f64>)>,
    /// How it looks.
    pub tint: Tint,
}

/// How a line looks. Not by colour alone: the second one is dashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    /// In the accent colour, filled.
    First,
    /// In another colour, dashed.
    Second,
}

/// What a graph shows.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    /// Its lines.
    pub curves: Vec<Curve>,
    /// The value at the upper edge.
    pub top: f64,
    /// A line across.
    pub limit: Option<f64>,
}

glib::wrapper! {
    /// The widget.
    pub struct Graph(ObjectSubclass<imp::Graph>)
        @extends gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

mod imp {
    use std::cell::RefCell;

    use relm4::adw::prelude::*;
    use relm4::gtk::subclass::prelude::*;
    use relm4::gtk::{glib, graphene, gsk};
    use relm4::{adw, gtk};

    use super::{Picture, draw};

    #[derive(Debug, Default)]
    pub struct Graph {
        pub picture: RefCell<Picture>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Graph {
        const NAME: &'static str = "KennelGraph";
        type Type = super::Graph;
        type ParentType = gtk::Widget;

        fn class_init(class: &mut Self::Class) {
            class.set_accessible_role(gtk::AccessibleRole::Img);
            class.set_css_name("graph");
        }
    }

    impl ObjectImpl for Graph {
        fn constructed(&self) {
            self.parent_constructed();
            // The accent colour is no property of the widget's style.
            let graph = self.obj().downgrade();
            adw::StyleManager::default().connect_accent_color_notify(move |_| {
                if let Some(graph) = graph.upgrade() {
                    graph.queue_draw();
                }
            });
        }
    }

    impl WidgetImpl for Graph {
        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            let graph = self.obj();
            let size = (graph.width() as f32, graph.height() as f32);
            let bounds = graphene::Rect::new(0.0, 0.0, size.0, size.1);
            snapshot.push_rounded_clip(&gsk::RoundedRect::from_rect(bounds, 6.0));
            draw(snapshot, &self.picture.borrow(), size, graph.color());
            snapshot.pop();
        }
    }
}

impl Graph {
    /// A graph of at least this size, with nothing in it; `name` is what a screen reader calls it.
    pub fn new(name: &str, width: i32, height: i32) -> Self {
        let graph: Self = glib::Object::builder()
            .property("width-request", width)
            .property("height-request", height)
            .build();
        graph.update_property(&[gtk::accessible::Property::Label(name)]);
        graph
    }

    /// Shows `picture`, which is `words` in words.
    pub fn show_picture(&self, picture: Picture, words: &str) {
        self.imp().picture.replace(picture);
        self.update_property(&[gtk::accessible::Property::Description(words)]);
        self.queue_draw();
    }
}

fn draw(snapshot: &gtk::Snapshot, picture: &Picture, (width, height): (f32, f32), text: gdk::RGBA) {
    let colors = Colors::of_now(text);
    let bounds = graphene::Rect::new(0.0, 0.0, width, height);
    snapshot.append_color(&colors.behind(), &bounds);
    for quarter in 1..4 {
        let level = (height * quarter as f32 / 4.0).round();
        let line = graphene::Rect::new(0.0, level, width, 1.0);
        snapshot.append_color(&colors.quarters(), &line);
    }
    for curve in &picture.curves {
        let color = match curve.tint {
            Tint::First => colors.first,
            Tint::Second => colors.second,
        };
        // Half of the stroke is above its line.
        for line in geometry::lines(&curve.series, picture.top, width, height - 2.0) {
            draw_line(snapshot, &line, height, color, curve.tint, &colors);
        }
    }
    if let Some(limit) = picture.limit {
        let level = geometry::level(limit, picture.top, height).round() + 0.5;
        let path = path_of(&[(0.0, level), (width, level)], None);
        let stroke = gsk::Stroke::new(1.0);
        stroke.set_dash(&[6.0, 4.0]);
        snapshot.append_stroke(&path, &stroke, &colors.limit());
    }
}

fn draw_line(
    snapshot: &gtk::Snapshot,
    line: &[geometry::Place],
    bottom: f32,
    color: gdk::RGBA,
    tint: Tint,
    colors: &Colors,
) {
    let line: Vec<geometry::Place> = line.iter().map(|&(x, y)| (x, y + 1.0)).collect();
    let stroke = gsk::Stroke::new(if colors.strong { 3.0 } else { 2.0 });
    stroke.set_line_join(gsk::LineJoin::Round);
    match tint {
        Tint::First => {
            let area = path_of(&line, Some(bottom));
            snapshot.append_fill(&area, gsk::FillRule::Winding, &colors.area());
        }
        Tint::Second => stroke.set_dash(&[4.0, 3.0]),
    }
    snapshot.append_stroke(&path_of(&line, None), &stroke, &color);
}

/// A path along `line`; with `bottom` the area below it.
fn path_of(line: &[geometry::Place], bottom: Option<f32>) -> gsk::Path {
    let path = gsk::PathBuilder::new();
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return path.to_path();
    };
    path.move_to(first.0, first.1);
    for place in &line[1..] {
        path.line_to(place.0, place.1);
    }
    if let Some(bottom) = bottom {
        path.line_to(last.0, bottom);
        path.line_to(first.0, bottom);
        path.close();
    }
    path.to_path()
}
