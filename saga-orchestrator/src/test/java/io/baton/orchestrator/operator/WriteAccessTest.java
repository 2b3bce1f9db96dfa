package io.baton.orchestrator.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.http.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.endpoint.Access;

/** A deployment that only shows its sagas refuses everything that acts, before it looks at anything else. */
class WriteAccessTest {

    private static final String NONE = null;

    @Test
    void who_may_act_is_let_through() {
        WriteAccess access = new WriteAccess((endpoint, otherwise) -> Access.UNRESTRICTED);
        access.require();
        assertThat(access.whyNot()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_ONLY", "NONE"})
    void what_is_permitted_of_sagas_holds_for_bulks_and_holds_too(Access permitted) {
        WriteAccess access = new WriteAccess(
                (endpoint, otherwise) -> endpoint.toString().equals("sagas") ? permitted : Access.UNRESTRICTED);
        SagaBulkEndpoint bulks = new SagaBulkEndpoint(null, null, null, null, null, access);
        SagaHoldsEndpoint holds = new SagaHoldsEndpoint(null, null, null, access);

        assertRefused(() -> bulks.begin(null, "retry", NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE));
        assertRefused(() -> bulks.cancel(null, "1", "Enough."));
        assertRefused(() -> holds.hold(null, "order-fulfilment", NONE, "Wait.", NONE));
        assertRefused(() -> holds.release(null, "1", "release", "Go on.", NONE, NONE));
        assertThat(access.whyNot()).contains("management.endpoint.sagas.access");
    }

    private static void assertRefused(ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.type().status()).isEqualTo(403));
    }
}
