"""每天 6:30 运行 yuliao；放进 Airflow 的 dags 文件夹。Airflow 2.6 or later, and 3.

The configuration has [run] no_change_exit = 99, so that a day without news skips the tasks downstream, and
[run] partial_exit = 0, since Airflow takes every other code for a failure (status and metrics still tell).
"""

from datetime import timedelta

import pendulum

try:  # Airflow 3
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.operators.bash import BashOperator

with DAG(
    dag_id="yuliao",
    schedule="30 6 * * *",
    # The schedule is in the zone of the start date.
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    # A run reads all documents there are: making up for missed days would do the same again.
    catchup=False,
    max_active_runs=1,
):
    BashOperator(
        task_id="yuliao",
        bash_command="yuliao run --config /etc/yuliao/yuliao.toml --wait 5m",
        skip_on_exit_code=99,
        # Keeps PATH if you add variables with env=.
        append_env=True,
        # Airflow cannot tell codes worth a retry (66 73 74 75) from the others; a retry of those is soon over.
        retries=2,
        retry_delay=timedelta(minutes=10),
        # A run that hangs gets SIGTERM; the old report stands.
        execution_timeout=timedelta(hours=2),
    )
