@NullMarked
package io.baton.http;

import org.jspecify.annotations.NullMarked;
