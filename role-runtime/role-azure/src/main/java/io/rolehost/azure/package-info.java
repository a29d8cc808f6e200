/** The way off Azure Cloud Services: what a service definition and its configurations become. */
@NullMarked
package io.rolehost.azure;

import org.jspecify.annotations.NullMarked;
