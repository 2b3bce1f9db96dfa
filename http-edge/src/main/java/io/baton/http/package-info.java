/** How a service meets HTTP: strict JSON in, problems that name the field out, and nothing else ever. */
@NullMarked
package io.baton.http;

import org.jspecify.annotations.NullMarked;
