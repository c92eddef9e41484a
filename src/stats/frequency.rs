//! Frequencies and their weights.

use super::Ratio;

/// tf / N · 10⁶, N = all tokens, stop words included, before the term filter. Range 0 to 10⁶; nothing when N = 0.
pub fn per_million(tf: u64, tokens: u64) -> Option<Ratio> {
    Ratio::new(u128::from(tf) * 1_000_000, tokens)
}

/// ln(D / df): natural log, no smoothing. Range 0 (a term of every document) to ln D. Nothing when df = 0 or df is above D.
/// Spärck Jones 1972.
pub fn idf(documents: u64, df: u64) -> Option<f64> {
    (df > 0 && df <= documents).then(|| libm::log(documents as f64 / df as f64))
}

/// tf · idf: weight of a term in the whole corpus. Range ≥ 0; always defined. Salton & Buckley 1988.
pub fn tf_idf(tf: u64, idf: f64) -> f64 {
    tf as f64 * idf
}

/// (tf / terms of the document) · idf; the base is terms, not tokens. Range 0 to idf; nothing for a document without terms. Salton & Buckley 1988.
pub fn relative_tf_idf(tf: u64, document_terms: u64, idf: f64) -> Option<f64> {
    (document_terms > 0).then(|| tf as f64 / document_terms as f64 * idf)
}

/// part / whole. Range 0 to 1 for a part of the whole; nothing when the whole is 0.
pub fn share(part: u64, whole: u64) -> Option<Ratio> {
    Ratio::new(part, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_of_nothing() {
        assert_eq!((per_million(0, 0), idf(3, 0), relative_tf_idf(0, 0, 1.0), share(0, 0)), (None, None, None, None));
        assert_eq!((idf(0, 0), idf(0, 3), idf(2, 3)), (None, None, None));
        let value = |ratio: Option<Ratio>| ratio.map(Ratio::value);
        assert_eq!((value(per_million(3, 1_000_000)), idf(4, 4), value(share(1, 4))), (Some(3.0), Some(0.0), Some(0.25)));
    }
}
