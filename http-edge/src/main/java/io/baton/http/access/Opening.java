package io.baton.http.access;

import org.springframework.http.HttpMethod;

/**
 * A request that a service opens beyond its own people; declare one bean for each. Without one, viewers may read and
 * operators may do everything.
 *
 * <p>A service that opens anything to customers does not start unless it can tell who they are, or runs as a
 * demonstration (profile {@code demo}), in which everybody is taken for everybody.
 *
 * @param path a path pattern of Spring MVC, as {@code /orders/{orderId}}
 */
public record Opening(HttpMethod method, String path, To to) {

    /** Whom a request is opened to. */
    public enum To {
        /** Whoever has a valid token. What of it is theirs is for the controller to say, which asks its {@link Caller}. */
        CUSTOMERS,
        /** Whoever asks. */
        EVERYBODY
    }
}
