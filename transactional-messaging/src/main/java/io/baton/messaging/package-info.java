/** A message takes effect once; what it caused is published at least once. */
@NullMarked
package io.baton.messaging;

import org.jspecify.annotations.NullMarked;
