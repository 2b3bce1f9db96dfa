/** The running system as the tests have it: started, asked, loaded, checked, and hurt. */
@NullMarked
package io.baton.lab.running;

import org.jspecify.annotations.NullMarked;
