package io.baton.contract;

/** The business reasons for which an order, or its cancellation, is refused. Clients may rely on the names. */
public final class RefusalCode {

    /** The wallet holds less than the order costs. */
    public static final String INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS";

    /** The card's issuer said no. */
    public static final String CARD_DECLINED = "CARD_DECLINED";

    /** Fewer pieces are available than were ordered. */
    public static final String OUT_OF_STOCK = "OUT_OF_STOCK";

    /** No carrier delivers to the country. */
    public static final String ADDRESS_NOT_SERVED = "ADDRESS_NOT_SERVED";

    /** A participant did not answer in time, so everything was undone. */
    public static final String TIMEOUT = "TIMEOUT";

    /** The customer no longer wants it. */
    public static final String CANCELLED_BY_CUSTOMER = "CANCELLED_BY_CUSTOMER";

    /** An operator undid it. */
    public static final String CANCELLED_BY_OPERATOR = "CANCELLED_BY_OPERATOR";

    /** It left the house, so it cannot be cancelled any more. */
    public static final String ALREADY_SHIPPED = "ALREADY_SHIPPED";

    /** It can neither be undone at this moment nor is that out of the question: the wish may be repeated later. */
    public static final String NOT_CANCELLABLE_NOW = "NOT_CANCELLABLE_NOW";

    private RefusalCode() {}
}
