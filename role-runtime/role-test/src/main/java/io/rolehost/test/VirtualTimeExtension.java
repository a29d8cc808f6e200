package io.rolehost.test;

import java.util.Random;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives a test its {@link VirtualTime} and its {@link VirtualTasks}, closes them after it, and
 * names the seed of a test that fails.
 *
 * <pre>{@code
 * @ExtendWith(VirtualTimeExtension.class)
 * final class ImportTest {
 *   @Test
 *   void import_dependencyDownForAMinute_goesOn(VirtualTasks tasks) { … }
 * }
 * }</pre>
 *
 * <p>The seed is another one at each run; {@value #SEED} as a system property repeats one.
 */
public final class VirtualTimeExtension
    implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler {

  /** The system property that repeats a seed. */
  public static final String SEED = "rolehost.test.seed";

  private static final Namespace NAMESPACE = Namespace.create(VirtualTimeExtension.class);

  /** Made by the test engine. */
  public VirtualTimeExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == VirtualTime.class || type == VirtualTasks.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == VirtualTime.class
        ? time(context)
        : store(context)
            .computeIfAbsent(
                VirtualTasks.class,
                _ -> new VirtualTasks(time(context), seed(context)),
                VirtualTasks.class);
  }

  private static VirtualTime time(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(VirtualTime.class, _ -> new VirtualTime(), VirtualTime.class);
  }

  private static long seed(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(SEED, _ -> Long.getLong(SEED, new Random().nextLong()), Long.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new Repeat(seed(context)));
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    VirtualTasks tasks = store(context).get(VirtualTasks.class, VirtualTasks.class);
    if (tasks != null) {
      tasks.close();
    }
  }

  /** Tells, beside the failure, how to have it again. */
  private static final class Repeat extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Repeat(long seed) {
      super("To repeat this run: -D" + SEED + "=" + seed, null, false, false);
    }
  }
}
