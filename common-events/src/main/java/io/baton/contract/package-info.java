/** What two services must agree on to talk. Nothing here runs. */
@NullMarked
package io.baton.contract;

import org.jspecify.annotations.NullMarked;
