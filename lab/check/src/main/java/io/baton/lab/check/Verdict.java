package io.baton.lab.check;

/** What came of checking one promise. */
public enum Verdict {
    OK("ok"),
    VIOLATED("violated"),
    /** There was nothing to count, so nothing was shown. */
    NOT_EXERCISED("not exercised");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
