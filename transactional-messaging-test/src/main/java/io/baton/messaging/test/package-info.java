/** What the tests of a participant need: real servers, a clock they can set, and a saga that misbehaves on purpose. */
@NullMarked
package io.baton.messaging.test;

import org.jspecify.annotations.NullMarked;
