package io.baton.order;

import org.jspecify.annotations.Nullable;

/** The database went away between the wish to commit and its answer: the order may be stored or not. */
public final class OrderInDoubtException extends RuntimeException {

    OrderInDoubtException(@Nullable Throwable cause) {
        super("It is not known whether the order was stored", cause);
    }
}
