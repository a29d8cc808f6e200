package io.rolehost.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/**
 * Marks what is young and may still change in a minor release. Everything else in this module keeps
 * its source and binary form for the life of the major version.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PACKAGE})
public @interface Experimental {}
