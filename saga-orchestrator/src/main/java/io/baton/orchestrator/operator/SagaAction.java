package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.StoredSaga;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that operators can do to a saga. Every bean of this kind is an action: it stands in the path of {@code
 * sagas/{id}/{action}}, is offered among the allowed actions, and can be done to many sagas at once.
 */
interface SagaAction {

    /** As it stands in the path. */
    String name();

    /** The members that it takes, beside those that every action takes. */
    Set<String> members();

    /**
     * What is to be done.
     *
     * @throws io.baton.http.ProblemException if a member is missing or senseless
     */
    Deed deed(Members members);

    /** The deeds that may be offered to an operator who looks at the saga. */
    List<Deed> offered(StoredSaga saga);

    /** The members of a request that only some actions take; null where the request does not have one. */
    record Members(
            @Nullable String step,
            @Nullable String took,
            @Nullable String by,
            @Nullable String until,
            @Nullable String assignee,
            @Nullable String text) {

        static final Members NONE = new Members(null, null, null, null, null, null);
    }
}
