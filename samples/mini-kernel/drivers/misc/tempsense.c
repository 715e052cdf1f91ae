// SPDX-License-Identifier: MIT
/*
 * A temperature sensor, with a callback of every kind: probe, interrupt,
 * thread, timer, work, attributes, sleep.
 */
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>
#include "tempsense.h"

struct tempsense_dev {
	struct tempsense ts;
	struct timer_list poll;
	struct work_struct alarm;
	struct delayed_work retry;
	struct task_struct *logger;
	irq_handler_t quick;
};

static struct tempsense_dev *ts_to_dev(struct tempsense *ts)
{
	return container_of(ts, struct tempsense_dev, ts);
}

static int tempsense_cmd(struct tempsense *ts, enum tempsense_cmd cmd, int arg)
{
	if (cmd >= TS_CMDS || !tempsense_cmds[cmd])
		return -EINVAL;
	return tempsense_cmds[cmd](ts, arg);
}

static int tempsense_sample(struct tempsense *ts)
{
	int samples[3];

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		samples[i] = tempsense_cmd(ts, TS_CMD_READ, 0);
	ts->last = ts->ops->filter(samples, ARRAY_SIZE(samples));
	return ts->last;
}

/* Interrupt: only look, and leave the rest to the thread. */
static irqreturn_t tempsense_irq(int irq, void *dev_id)
{
	struct tempsense_dev *td = dev_id;

	if (td->quick)
		return td->quick(irq, dev_id);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t tempsense_irq_thread(int irq, void *dev_id)
{
	struct tempsense_dev *td = dev_id;

	if (tempsense_sample(&td->ts) > td->ts.limit)
		schedule_work(&td->alarm);
	return IRQ_HANDLED;
}

static irqreturn_t tempsense_quick_irq(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}

static void tempsense_poll(struct timer_list *t)
{
	struct tempsense_dev *td = from_timer(td, t, poll);

	tempsense_sample(&td->ts);
	mod_timer(&td->poll, jiffies + HZ);
}

static void tempsense_alarm(struct work_struct *work)
{
	struct tempsense_dev *td = container_of(work, struct tempsense_dev,
						alarm);

	pr_alert("tempsense: %d is too hot\n", td->ts.last);
}

static void tempsense_retry(struct work_struct *work)
{
	struct tempsense_dev *td = container_of(work, struct tempsense_dev,
						retry.work);

	tempsense_cmd(&td->ts, TS_CMD_RESET, 0);
}

static int tempsense_logger(void *data)
{
	struct tempsense *ts = data;

	while (!kthread_should_stop())
		pr_info("tempsense: %d\n", READ_ONCE(ts->last));
	return 0;
}

static ssize_t temp_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct tempsense_dev *td = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", tempsense_sample(&td->ts));
}
static DEVICE_ATTR_RO(temp);

static ssize_t limit_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct tempsense_dev *td = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", td->ts.limit);
}

static ssize_t limit_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct tempsense_dev *td = dev_get_drvdata(dev);
	int ret = kstrtoint(buf, 10, &td->ts.limit);

	return ret ? ret : (ssize_t)count;
}
static DEVICE_ATTR_RW(limit);

/* A name of its own, and the same functions again. */
static struct device_attribute dev_attr_max =
	__ATTR(max, 0600, limit_show, limit_store);

static struct attribute *tempsense_attrs[] = {
	&dev_attr_temp.attr,
	&dev_attr_limit.attr,
	&dev_attr_max.attr,
	NULL,
};
ATTRIBUTE_GROUPS(tempsense);

#ifdef CONFIG_DEBUG_FS
static int tempsense_regs_show(struct seq_file *m, void *v)
{
	struct tempsense *ts = m->private;

	for (unsigned int reg = 0; reg < 4; reg++)
		seq_printf(m, "%u: %d\n", reg,
			   tempsense_bus_call(ts, read, reg * 4));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tempsense_regs);

static int tempsense_last_get(void *data, u64 *val)
{
	*val = ((struct tempsense *)data)->last;
	return 0;
}

static int tempsense_last_set(void *data, u64 val)
{
	((struct tempsense *)data)->last = val;
	return 0;
}
DEFINE_SIMPLE_ATTRIBUTE(tempsense_last_fops, tempsense_last_get,
			tempsense_last_set, "%llu\n");

static void tempsense_debugfs(struct tempsense *ts)
{
	debugfs_create_file("regs", 0400, NULL, ts, &tempsense_regs_fops);
	debugfs_create_file("last", 0600, NULL, ts, &tempsense_last_fops);
}
#else
static void tempsense_debugfs(struct tempsense *ts)
{
}
#endif

static int __maybe_unused tempsense_suspend(struct device *dev)
{
	struct tempsense_dev *td = dev_get_drvdata(dev);

	del_timer(&td->poll);
	return 0;
}

static int __maybe_unused tempsense_resume(struct device *dev)
{
	struct tempsense_dev *td = dev_get_drvdata(dev);

	mod_timer(&td->poll, jiffies);
	return td->ts.ops->reset(&td->ts);
}

static int tempsense_prepare(struct device *dev)
{
	return 0;
}

/* Filled by a macro in part ... */
static const struct dev_pm_ops tempsense_pm_ops = {
	.prepare = tempsense_prepare,
	SET_SYSTEM_SLEEP_PM_OPS(tempsense_suspend, tempsense_resume)
};

/* ... and as a whole. */
static SIMPLE_DEV_PM_OPS(tempsense_lite_pm_ops, tempsense_suspend,
			 tempsense_resume);

static int tempsense_probe(struct platform_device *pdev)
{
	struct tempsense_dev *td = kzalloc(sizeof(*td), GFP_KERNEL);
	int err;

	if (!td)
		return -ENOMEM;
	td->ts.pdev = pdev;
	td->ts.ops = tempsense_model_ops(TS_BASIC);
	td->quick = pdev->irq > 32 ? tempsense_quick_irq : NULL;
	dev_set_drvdata(&pdev->dev, td);

	timer_setup(&td->poll, tempsense_poll, 0);
	INIT_WORK(&td->alarm, tempsense_alarm);
	INIT_DELAYED_WORK(&td->retry, tempsense_retry);
	err = request_threaded_irq(pdev->irq, tempsense_irq,
				   tempsense_irq_thread, td);
	if (err) {
		schedule_delayed_work(&td->retry, HZ);
		return err;
	}
	td->logger = kthread_run(tempsense_logger, &td->ts, "tempsense");
	tempsense_debugfs(&td->ts);
	return 0;
}

static int tempsense_remove(struct platform_device *pdev)
{
	struct tempsense_dev *td = dev_get_drvdata(&pdev->dev);

	free_irq(pdev->irq, ts_to_dev(&td->ts));
	kfree(td);
	return 0;
}

static const struct of_device_id tempsense_of_match[] __maybe_unused = {
	{ .compatible = "sample,tempsense", .data = &tempsense_lite_pm_ops },
	{ }
};

static struct platform_driver tempsense_driver = {
	.probe	= tempsense_probe,
	.remove	= tempsense_remove,
	.driver	= {
		.name		= "tempsense",
		.of_match_table	= of_match_ptr(tempsense_of_match),
		.dev_groups	= tempsense_groups,
		.pm		= pm_ptr(&tempsense_pm_ops),
	},
};
module_platform_driver(tempsense_driver);

MODULE_DESCRIPTION("A sensor for reading about");
MODULE_LICENSE("Dual MIT/GPL");
