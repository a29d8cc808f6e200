package io.rolehost.runtime.boot;

import io.rolehost.runtime.management.Managed.Answer;
import io.rolehost.runtime.supervision.TaskAnswer;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an operator is told who wants something done with a task. Pure. */
final class TaskAnswers {

  private TaskAnswers() {}

  static Answer of(String name, TaskAnswer answer) {
    return switch (answer.outcome()) {
      case DONE -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accepted", "task");
        body.put("task", name);
        body.put("detail", answer.text());
        yield new Answer(202, body);
      }
      case UNKNOWN -> problem(404, "No such task", answer.text());
      case IMPOSSIBLE -> problem(409, "Not now", answer.text());
    };
  }

  static Answer none(String state) {
    return problem(409, "Not now", "The instance is " + state + " and has no tasks yet.");
  }

  private static Answer problem(int status, String title, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    return new Answer(status, body);
  }
}
