/** Records that were put aside: kept in the database where they can be looked for, sent again or let be. */
@NullMarked
package io.baton.orchestrator.operator.deadletters;

import org.jspecify.annotations.NullMarked;
