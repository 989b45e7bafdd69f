//! What a product is of: two matrices, each in one of two orders.

/// The left-hand matrix of a product, `rows × inner`.
#[derive(Clone, Copy)]
pub enum Left<'a> {
    /// Row-major, `rows × inner`.
    Rows(&'a [f32]),
    /// The transpose of this row-major `inner × rows`.
    Columns(&'a [f32]),
}

/// The right-hand matrix of a product, `inner × columns`.
#[derive(Clone, Copy)]
pub enum Right<'a> {
    /// Row-major, `inner × columns`.
    Rows(&'a [f32]),
    /// The transpose of this row-major `columns × inner`.
    Columns(&'a [f32]),
}

/// The shape of a product: `rows × inner` times `inner × columns`.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Rows of the left-hand matrix and of the result.
    pub rows: usize,
    /// The index that is summed over.
    pub inner: usize,
    /// Columns of the right-hand matrix and of the result.
    pub columns: usize,
}

/// Some rows of a product.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// Of the whole product.
    pub shape: Shape,
    pub left: Left<'a>,
    pub right: Right<'a>,
    /// The first of the rows.
    pub first: usize,
    /// The right-hand side as panels, if that is done already.
    pub panels: Option<&'a [f32]>,
}
