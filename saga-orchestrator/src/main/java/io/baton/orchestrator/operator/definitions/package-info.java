/** The definitions as operators see them: as data and diagram, with the sagas that are under way in each. */
@NullMarked
package io.baton.orchestrator.operator.definitions;

import org.jspecify.annotations.NullMarked;
