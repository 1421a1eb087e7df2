"""Published methods that the engine is measured against, each written from its published description.

Every method has two faces. *As published* it takes one series, or one home, and says where it alarms. As a *statistic*
it takes many homes at once, counts of shape (homes, streams, weeks), and gives a number a week, (homes, weeks), or one
a stream and week, (homes, streams, weeks), that alarms where it reaches a bar: so a bar can be set to any rate of false
alarms (`benchmarks.detection.calibrating`). Where nothing is asked in a week, the number is minus infinity.
"""
