package io.baton.orchestrator.operator;

import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.stereotype.Component;

/**
 * Whether this deployment lets anybody act, or only shows its sagas. What {@code management.endpoint.sagas.access} permits
 * holds for bulks, holds and dead letters too, so that one setting is enough.
 */
@Component
public class WriteAccess {

    private static final EndpointId SAGAS = EndpointId.of("sagas");

    private static final String WHY_NOT = "This service only shows sagas: management.endpoint.sagas.access, or what is "
            + "permitted at most, is not unrestricted.";

    private static final ProblemType READ_ONLY = new ProblemType("read-only", 403, "Nobody may act here");

    private final EndpointAccessResolver access;

    public WriteAccess(EndpointAccessResolver access) {
        this.access = access;
    }

    /** Null if it does; else why not. */
    @Nullable String whyNot() {
        return access.accessFor(SAGAS, Access.NONE) == Access.UNRESTRICTED ? null : WHY_NOT;
    }

    /** @throws ProblemException with 403 if it does not */
    public void require() {
        if (whyNot() != null) {
            throw new ProblemException(READ_ONLY, WHY_NOT);
        }
    }
}
