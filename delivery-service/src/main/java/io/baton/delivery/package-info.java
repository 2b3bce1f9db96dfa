/** Has orders delivered to the countries that are served. */
@NullMarked
package io.baton.delivery;

import org.jspecify.annotations.NullMarked;
