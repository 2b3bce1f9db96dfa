/** Ends both servers in every way a server can end and looks for what they had stored. */
@NullMarked
package io.baton.embedded;

import org.jspecify.annotations.NullMarked;
