"""Figures of air, noise, water and vines against published or hand-computed values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from belvedere.science.environment import air, noise, vine, water


def test_a_day_of_air_needs_eighteen_hours() -> None:
    table = np.full((2, 24), np.nan)
    table[0, :18] = np.arange(18)
    table[1, :17] = 5.0
    means = air.daily_means(table)
    assert means[0] == 8.5 and math.isnan(means[1])


def test_eight_hours_of_ozone_run_over_midnight() -> None:
    table = np.full((2, 24), 100.0)
    table[0, 17:] = 148.0  # 17 to 24 h of the first day: seven hours
    highest = air.daily_eight_hours(table)
    assert highest[0] == pytest.approx((7 * 148 + 100) / 8)
    assert highest[1] == pytest.approx((7 * 148 + 100) / 8), "the window that ends at one o'clock"
    table[1, :] = np.nan
    assert math.isnan(air.daily_eight_hours(table)[1])
    assert air.above(highest, 120) == 2 and air.above(np.array([np.nan, 121, 120]), 120) == 1


def test_energies_are_averaged_and_evening_and_night_weigh_more() -> None:
    assert noise.mean_level(np.array([60.0, 70.0])) == pytest.approx(67.404, abs=1e-3)
    # The same level all day: L_den lies 6.4 dB above (12 + 4 10^0.5 + 8 10 = 104.65 of 24).
    assert noise.den(60, 60, 60) == pytest.approx(66.395, abs=1e-3)
    assert noise.den(65, 60, 55) == pytest.approx(65.0, abs=1e-3)
    hours = np.arange(24)
    levels = np.where((hours >= 6) & (hours < 18), 65.0, np.where((hours >= 18) & (hours < 22), 60.0, 55.0))
    assert noise.of_periods(hours, levels) == pytest.approx((65, 60, 55))
    assert math.isnan(noise.den(*noise.of_periods(hours[:18], levels[:18])))


def test_the_flow_of_the_night_and_what_a_meter_took() -> None:
    index = np.array([10.0, 12.0, 12.0, np.nan, 15.0, 16.0, 3.0, 4.0])
    told = water.taken(index)
    assert told[[1, 2, 5, 7]].tolist() == [2, 0, 1, 1] and np.isnan(told[[0, 3, 4, 6]]).all()
    hourly = np.full((2, 24), 9.0)
    hourly[0, 2:4] = (4.0, 3.0)
    hourly[1, 2:4] = np.nan
    assert water.night_flows(hourly)[0] == 3 and math.isnan(water.night_flows(hourly)[1])


def test_a_district_loses_what_nobody_measured() -> None:
    told = water.balance(120.0, [60.0, 36.0])
    assert (told.inflow, told.measured, told.lost, told.lost_share) == (120, 96, 24, 0.2)
    assert math.isnan(water.balance(0.0, [0.0]).lost_share)
    assert math.isnan(water.balance(120.0, [60.0, math.nan]).lost)


def test_the_volume_of_a_span_needs_nearly_all_of_it() -> None:
    index = np.full(101, np.nan)
    index[[0, 50, 91]] = (10.0, 12.0, 40.0)
    assert water.volume(index) == 30.0
    index[91] = np.nan
    assert math.isnan(water.volume(index))  # half of it is not the whole
    index[[70, 100]] = (3.0, 50.0)
    assert math.isnan(water.volume(index))  # reset, or another meter
    assert math.isnan(water.volume(np.full(10, np.nan)))


def test_the_wet_bulb_of_the_paper() -> None:
    told = vine.wet_bulb_cel(np.array([20.0, 1.0, 20.0]), np.array([0.5, 0.6, 1.0]))
    assert told[0] == pytest.approx(13.7, abs=0.05)  # the example of Stull (2011)
    assert -2.2 < told[1] < -1.2, "one degree of dry air freezes a wet bud"
    assert math.isnan(told[2]), "above 99 % the formula says nothing"


def test_three_tens() -> None:
    rain = np.array([0.0, 4.0, 6.0, 0.0, 12.0, 12.0, np.nan])
    mean = np.array([12.0, 11.0, 10.0, 12.0, 9.0, 11.0, 15.0])
    assert vine.three_tens(rain, mean).tolist() == [False, False, True, False, False, True, False]
