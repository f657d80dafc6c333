//! From pages to PDF.

use std::collections::{HashMap, hash_map::Entry};

use krilla::{
    Data, Document as Pdf,
    color::rgb,
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule, Stroke, StrokeDash},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag},
    text::{Font, GlyphId, KrillaGlyph},
};

use super::{
    PdfError,
    sheet::{Bookmark, Dash, HEIGHT, Mark, Role, SIDE, Sheets, WIDTH},
    tags::Tags,
    type_setting::{Ink, Set},
};
use crate::{document::Document, render::visible::visible};

type Fonts = HashMap<u64, Font>;

/// Draws all pages.
pub(super) fn paint(sheets: Sheets, document: &Document) -> Result<Vec<u8>, PdfError> {
    let mut pdf = Pdf::new();
    let mut fonts = Fonts::new();
    let mut tags = Tags::default();
    let size = PageSettings::from_wh(WIDTH, HEIGHT);
    let size = size.ok_or_else(|| PdfError::Pages("the page has no size".to_owned()))?;
    for marks in &sheets.pages {
        let mut page = pdf.start_page_with(size.clone());
        let mut surface = page.surface();
        for (role, mark) in marks {
            let spoken = matches!(mark, Mark::Words { .. }) && *role != Role::Silent;
            let place = surface.start_tagged(match spoken {
                true => ContentTag::Other,
                false => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            });
            draw(&mut surface, mark, &mut fonts);
            surface.end_tagged();
            if spoken {
                tags.add(*role, place);
            }
        }
        surface.finish();
        page.finish();
    }
    pdf.set_tag_tree(tags.tree());
    pdf.set_outline(outline(&sheets.bookmarks));
    pdf.set_metadata(
        Metadata::new()
            .title(format!("{}: {}", document.kind, visible(&document.title)))
            .language("en".to_owned())
            .creator("Gantry".to_owned())
            .producer("Gantry".to_owned()),
    );
    pdf.finish()
        .map_err(|error| PdfError::Pages(format!("{error:?}")))
}

/// Makes the first bookmark the parent of the others.
fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let node = |bookmark: &Bookmark| {
        let place = Point::from_xy(SIDE, (bookmark.y - 6.0).max(0.0));
        let target = XyzDestination::new(bookmark.page, place);
        OutlineNode::new(visible(&bookmark.title).into_owned(), target)
    };
    if let Some((title, sections)) = bookmarks.split_first() {
        let mut root = node(title).with_open(true);
        for section in sections {
            root.push_child(node(section));
        }
        outline.push_child(root);
    }
    outline
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, fonts: &mut Fonts) {
    match mark {
        Mark::Words { set, lines, x, y } => {
            surface.set_stroke(None);
            words(surface, set, lines.clone(), (*x, *y), fonts);
        }
        Mark::Area {
            x,
            y,
            width,
            height,
            radius,
            fill,
            edge,
        } => {
            let Some(path) = rounded((*x, *y), (*width, *height), *radius) else {
                return;
            };
            surface.set_fill(Some(ink_fill(*fill)));
            surface.set_stroke(edge.map(|(ink, dash)| ink_stroke(ink, 0.8, dash)));
            surface.draw_path(&path);
        }
        Mark::Line {
            points,
            ink,
            width,
            dash,
        } => stroked(surface, polyline(points), ink_stroke(*ink, *width, *dash)),
        Mark::Curve {
            from,
            bend: [a, b],
            to,
            ink,
        } => {
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.cubic_to(a.0, a.1, b.0, b.1, to.0, to.1);
            stroked(surface, path.finish(), ink_stroke(*ink, 0.9, Dash::Solid));
        }
        Mark::Polygon { points, ink } => {
            if let Some(path) = polyline(points) {
                surface.set_stroke(None);
                surface.set_fill(Some(ink_fill(*ink)));
                surface.draw_path(&path);
            }
        }
    }
}

fn stroked(surface: &mut Surface<'_>, path: Option<Path>, stroke: Stroke) {
    if let Some(path) = path {
        surface.set_fill(None);
        surface.set_stroke(Some(stroke));
        surface.draw_path(&path);
    }
}

fn polyline(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (at, (x, y)) in points.iter().enumerate() {
        match at {
            0 => path.move_to(*x, *y),
            _ => path.line_to(*x, *y),
        }
    }
    path.finish()
}

/// How far the points that bend a quarter of a circle lie from its corner.
const BEND: f32 = 0.447_715;

fn rounded((x, y): (f32, f32), (width, height): (f32, f32), radius: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let radius = radius.min(width / 2.0).min(height / 2.0);
    if radius <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
        return path.finish();
    }
    let (right, bottom, bend) = (x + width, y + height, radius * BEND);
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - bend, y, right, y + bend, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(
        right,
        bottom - bend,
        right - bend,
        bottom,
        right - radius,
        bottom,
    );
    path.line_to(x + radius, bottom);
    path.cubic_to(x + bend, bottom, x, bottom - bend, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + bend, x + bend, y, x + radius, y);
    path.close();
    path.finish()
}

fn ink_fill([red, green, blue]: Ink) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

fn ink_stroke([red, green, blue]: Ink, width: f32, dash: Dash) -> Stroke {
    let array = match dash {
        Dash::Solid => None,
        Dash::Broken => Some(vec![4.0, 2.5]),
        Dash::Dotted => Some(vec![1.2, 2.0]),
    };
    Stroke {
        paint: rgb::Color::new(red, green, blue).into(),
        width,
        dash: array.map(|array| StrokeDash { array, offset: 0.0 }),
        ..Stroke::default()
    }
}

/// Draws some lines of words, the first of them at the place.
fn words(
    surface: &mut Surface<'_>,
    set: &Set,
    lines: std::ops::Range<usize>,
    (x, y): (f32, f32),
    fonts: &mut Fonts,
) {
    let above: f32 = set.lines().iter().take(lines.start).sum();
    let chosen = set.layout.lines().skip(lines.start).take(lines.len());
    for line in chosen {
        let metrics = line.metrics();
        let base = y + metrics.baseline - above;
        let mut right = x + metrics.offset;
        for run in line.runs() {
            let font = run.font();
            let id = font.data.id();
            let font = match fonts.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => {
                    let data = Data::from(font.data.data().to_vec());
                    let Some(made) = Font::new(data, font.index) else {
                        continue;
                    };
                    free.insert(made)
                }
            };
            right = draw_run(surface, set, &run, font, (right, base));
        }
    }
}

/// Draws one run of glyphs, and gives where it ends.
fn draw_run(
    surface: &mut Surface<'_>,
    set: &Set,
    run: &parley::layout::Run<'_, Ink>,
    font: &Font,
    (x, base): (f32, f32),
) -> f32 {
    let size = run.font_size();
    let mut glyphs: Vec<KrillaGlyph> = Vec::new();
    let mut right = x;
    for cluster in run.visual_clusters() {
        if cluster.is_ligature_continuation() {
            if let Some(glyph) = glyphs.last_mut() {
                glyph.text_range.end = cluster.text_range().end;
            }
            continue;
        }
        for glyph in cluster.glyphs() {
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.id),
                glyph.advance / size,
                glyph.x / size,
                glyph.y / size,
                0.0,
                cluster.text_range(),
                None,
            ));
            right += glyph.advance;
        }
    }
    if !glyphs.is_empty() {
        surface.set_fill(Some(ink_fill(set.ink)));
        let start = Point::from_xy(x, base);
        surface.draw_glyphs(start, &glyphs, font.clone(), &set.words, size, false);
    }
    right
}
