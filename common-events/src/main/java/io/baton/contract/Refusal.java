package io.baton.contract;

/** A "no" for a business reason: final, nothing was done, and asking again gives the same answer. */
public interface Refusal extends Outcome {

    /** One of {@link RefusalCode}'s names. */
    String code();

    /** One sentence for a person. Holds no personal data. */
    String message();
}
