/**
 * Imported before task-lib, which otherwise prints every input, ticket and token as a debug line when it is read. The agent masks those
 * lines and hides them; here they are not written at all unless the run is debugged (System.Debug).
 */
process.env.DISTRIBUTEDTASK_TASKS_NODE_SKIPDEBUGLOGSWHENDEBUGMODEOFF = 'true';
