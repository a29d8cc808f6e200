package io.rolehost.jobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name that messages of a payload class carry. Without it the class's simple name is taken, and
 * a rename of the class then parks the messages that wait.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface JobType {

  /** The name, for instance {@code photo-added}. */
  String value();

  /** Names it had before, which are still read. */
  String[] formerly() default {};
}
