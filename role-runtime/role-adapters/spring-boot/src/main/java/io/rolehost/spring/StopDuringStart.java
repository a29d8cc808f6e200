package io.rolehost.spring;

import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Ends the start of a context at its next bean, once a stop was asked. */
final class StopDuringStart implements BeanPostProcessor {
  private final BooleanSupplier asked;
  private final BooleanSupplier started;

  StopDuringStart(BooleanSupplier asked, BooleanSupplier started) {
    this.asked = asked;
    this.started = started;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (asked.getAsBoolean() && !started.getAsBoolean()) {
      throw new StartGivenUp("The start was given up before the bean '" + name + "'");
    }
    return bean;
  }

  /** Not a failure of the application. */
  static final class StartGivenUp extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartGivenUp(String message) {
      super(message, null, false, false);
    }
  }
}
